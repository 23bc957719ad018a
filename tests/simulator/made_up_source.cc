#include "tests/simulator/made_up_source.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "tests/simulator/counts.h"
#include "tests/simulator/gitea.h"
#include "tests/simulator/object_text.h"
#include "tests/simulator/random.h"
#include "tests/simulator/repository.h"

namespace repopipe::simulator {
namespace {

struct Named {
  std::string folded_name;
  LivingRepository living;
};

std::uint32_t base_count(const World& world, std::uint64_t ordinal) {
  if (ordinal >= kFirstStranger) return 1 + small_count(world.seed, ordinal);
  if (world.population == Population::small) return small_count(world.seed, ordinal);
  return usual_count(world.seed, world.accounts, ordinal);
}

std::vector<Named> sorted_by_name(const World& world, const std::vector<LivingRepository>& all) {
  std::vector<Named> sorted;
  sorted.reserve(all.size());
  for (const LivingRepository& living : all) {
    std::string name = name_on(world.seed, living, world.day);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    sorted.push_back({std::move(name), living});
  }
  std::ranges::sort(sorted, {}, &Named::folded_name);
  return sorted;
}

}  // namespace

MadeUpSource::MadeUpSource(const World& world)
    : world_(world), accounts_(world.seed, world.accounts) {}

std::optional<Account> MadeUpSource::find(const AccountKey& key) const {
  return accounts_.find(key);
}

std::uint64_t MadeUpSource::append(const Account& account, Range range, std::string& out) const {
  const std::uint32_t base = base_count(world_, account.ordinal);
  const auto all = living(world_.seed, account.ordinal, base, world_.day);
  if (range.first >= all.size() || range.count == 0) return all.size();
  const auto sorted = sorted_by_name(world_, all);
  const std::uint64_t end = range.first + std::min(range.count, all.size() - range.first);
  for (std::uint64_t i = range.first; i < end; ++i) {
    if (i != range.first) out += ',';
    const Repository record = repository(world_.seed, sorted[i].living, world_.day);
    const auto append = world_.form == Form::gitea ? append_gitea_repository : append_repository;
    append(out, account, record);
  }
  return all.size();
}

std::vector<Account> MadeUpSource::members(const Account& account) const {
  constexpr std::uint64_t kMostMembers = 250, kStay = 20;
  const std::uint64_t draw = mix(mix(world_.seed, 0x6d656d), account.ordinal);
  const auto day = static_cast<std::uint64_t>(world_.day);
  std::set<std::uint64_t> ordinals;
  for (std::uint64_t i = 0; i < 1 + draw % kMostMembers; ++i) {
    const std::uint64_t stay = (day + mix(draw, i) % kStay) / kStay;
    ordinals.insert(mix(mix(draw, i), stay) % world_.accounts);
  }
  std::vector<Account> members;
  for (const std::uint64_t ordinal : ordinals) {
    const auto member = accounts_.find(Ordinal{ordinal});
    if (member && member->kind == AccountKind::user) members.push_back(*member);
  }
  std::ranges::sort(members, {}, &Account::id);
  return members;
}

}  // namespace repopipe::simulator
