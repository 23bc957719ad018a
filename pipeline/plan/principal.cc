#include "pipeline/plan/principal.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

std::uint64_t score(std::string_view login, std::string_view identity) {
  Fnv1a hash;
  hash.add(login);
  hash.add(std::uint64_t{0});  // between the two
  hash.add(identity);
  return spread(hash.value());
}

}  // namespace

PrincipalTable::PrincipalTable(std::vector<Principal> all) {
  assert(!all.empty());
  for (Principal& who : all) all_.push_back({std::move(who), size()});
}

std::uint32_t PrincipalTable::of(std::string_view key) const {
  if (size() == 1) return 0;
  std::optional<std::uint32_t> best;
  std::uint64_t best_score = 0;
  for (std::uint32_t principal = 0; principal < size(); ++principal) {
    if (is_disabled(principal)) continue;
    const std::uint64_t mine = score(key, all_[principal].who.identity);
    if (best && mine <= best_score) continue;
    best = principal;
    best_score = mine;
  }
  assert(best);
  return best.value_or(0);
}

bool PrincipalTable::is_any_left() const {
  return !std::ranges::all_of(all_, &Entry::is_disabled);
}

std::optional<std::uint32_t> PrincipalTable::owned_by(std::uint32_t principal,
                                                      std::int64_t account) {
  all_[principal].owner = account;
  for (std::uint32_t other = 0; other < size(); ++other) {
    if (other == principal || all_[other].owner != account) continue;
    all_[principal].quota_owner = all_[other].quota_owner;
    return other;
  }
  return std::nullopt;
}

}  // namespace repopipe
