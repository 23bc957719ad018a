#include "tests/simulator/evolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

#include "tests/simulator/repository.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kBase = 3000;

// Everything of an account on one day, by repository id.
std::map<std::uint64_t, Repository> world_on(int day) {
  std::map<std::uint64_t, Repository> world;
  for (const LivingRepository& one : living(kSeed, 4, kBase, day)) {
    Repository repository = simulator::repository(kSeed, one, day);
    world.emplace(repository.id, std::move(repository));
  }
  return world;
}

struct Changes {
  int removed = 0, added = 0, renamed = 0, starred = 0, lost_stars = 0, redescribed = 0, pushed = 0;
};

Changes between(const std::map<std::uint64_t, Repository>& before,
                const std::map<std::uint64_t, Repository>& after) {
  Changes changes;
  for (const auto& [id, old] : before) {
    const auto found = after.find(id);
    if (found == after.end()) {
      ++changes.removed;
      continue;
    }
    const Repository& now = found->second;
    changes.renamed += now.name != old.name;
    changes.starred += now.counts.stars > old.counts.stars;
    changes.lost_stars += now.counts.stars < old.counts.stars;
    changes.redescribed += now.description != old.description;
    changes.pushed += now.pushed != old.pushed;
  }
  for (const auto& [id, repository] : after) changes.added += !before.contains(id);
  return changes;
}

TEST(Evolution, ChangesAFewOfEverythingEachDay) {
  for (const int day : {0, 1, 30, 200}) {
    const Changes changes = between(world_on(day), world_on(day + 1));
    EXPECT_NEAR(changes.removed, 15, 15) << day;
    EXPECT_NEAR(changes.added, 15, 15) << day;
    EXPECT_NEAR(changes.renamed, 15, 15) << day;
    EXPECT_NEAR(changes.starred, 300, 150) << day;
    EXPECT_EQ(changes.lost_stars, 0) << day;
    EXPECT_GT(changes.removed * changes.added * changes.renamed * changes.pushed, 0) << day;
  }
  EXPECT_GT(between(world_on(0), world_on(30)).redescribed, 50);
}

TEST(Evolution, BringsNothingBackAndKeepsEveryNewName) {
  std::set<std::uint64_t> gone;
  std::map<std::uint64_t, std::set<std::string>> left_names;
  auto before = world_on(0);
  for (int day = 1; day <= 40; ++day) {
    auto now = world_on(day);
    for (const auto& [id, repository] : before) {
      const auto found = now.find(id);
      if (found == now.end()) {
        gone.insert(id);
      } else if (found->second.name != repository.name) {
        left_names[id].insert(repository.name);
      }
    }
    for (const auto& [id, repository] : now) {
      EXPECT_FALSE(gone.contains(id));
      EXPECT_FALSE(left_names[id].contains(repository.name));
    }
    before = std::move(now);
  }
  EXPECT_GT(gone.size(), 300u);
}

TEST(Evolution, KeepsNamesApartOnEveryDay) {
  for (const int day : {0, 50, 1000}) {
    std::set<std::string> names;
    for (const auto& [id, repository] : world_on(day)) {
      std::string name = repository.name;
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
      EXPECT_TRUE(names.insert(name).second) << name;
    }
  }
}

TEST(Evolution, LeavesAnEmptyAccountEmpty) {
  EXPECT_TRUE(living(kSeed, 4, 0, 500).empty());
}

TEST(Evolution, CountsOccurrencesTheSameWayWhicheverDayIsAsked) {
  Occurrences before;
  for (int day = 3; day < 300; ++day) {
    const Occurrences now = occurrences(42, 0.1, 3, day);
    if (now.count != before.count) {
      EXPECT_EQ(now.count, before.count + 1);
      EXPECT_EQ(now.last_day, day);
    }
    before = now;
  }
  EXPECT_NEAR(before.count, 30, 15);
  EXPECT_EQ(occurrences(42, 0.1, 3, 3).count, 0);
}

}  // namespace
}  // namespace repopipe::simulator
