#include "pipeline/plan/principal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"

namespace repopipe {
namespace {

constexpr Duration kExpirySoon = std::chrono::days(14);

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
  for (Principal& who : all) all_.push_back({std::move(who)});
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

std::optional<std::uint32_t> PrincipalTable::owner_told(std::uint32_t principal,
                                                        std::optional<std::int64_t> account) {
  all_[principal].is_ready = true;
  if (!account) return std::nullopt;
  all_[principal].owner = account;
  for (std::uint32_t other = 0; other < size(); ++other) {
    if (other != principal && all_[other].owner == account) return other;
  }
  return std::nullopt;
}

std::string PrincipalTable::why_none_is_left(std::uint32_t last, const Failure& failure) const {
  const Principal& principal = all_[last].who;
  if (principal.identity == kAnonymous) {
    return "the API wants a token, see provider.tokens: " + failure.message;
  }
  return fmt::format("{}{} is not valid: {}",
                     size() == 1 ? "" : "no valid token is left: ", principal.name,
                     failure.message);
}

std::optional<std::string> PrincipalTable::warn_of_expiry(std::uint32_t principal,
                                                          const RateLimitInfo& told, Time now) {
  Entry& entry = all_[principal];
  const auto left = told.token_ends_in;
  if (left && !entry.ends_at) entry.ends_at = now + *left;
  if (!left || *left >= kExpirySoon || std::exchange(entry.was_warned, true)) return std::nullopt;
  return fmt::format(
      "{} {}", entry.who.name,
      *left < Duration::zero() ? "has expired" : "expires in " + show_rounded(*left));
}

}  // namespace repopipe
