// The generated world: number, form and size of repositories.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "tests/simulator/counts.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/page.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;

std::vector<std::uint32_t> sorted_counts(std::uint64_t seed, std::uint64_t accounts) {
  std::vector<std::uint32_t> counts;
  for (std::uint64_t i = 0; i < accounts; ++i) counts.push_back(usual_count(seed, accounts, i));
  std::ranges::sort(counts);
  return counts;
}

std::uint64_t largest_account(const World& world) {
  std::uint64_t ordinal = 0;
  while (usual_count(world.seed, world.accounts, ordinal) != kMostRepositories) ++ordinal;
  return ordinal;
}

std::string listing(const Source& source, std::uint64_t ordinal, Range range = {0, 10'000}) {
  std::string text = "[";
  source.append(*source.find(Ordinal{ordinal}), range, text);
  return text + "]";
}

// Of the largest account of the default world.
const std::string& largest_text() {
  static const std::string text = listing(MadeUpSource(World{}), largest_account(World{}));
  return text;
}

// Takes seconds with a sanitizer.
const Json& largest_listing() {
  static const Json all = Json::parse(largest_text());
  return all;
}

TEST(World, IsHeavyTailedAtTheDefaultSeed) {
  const auto counts = sorted_counts(World{}.seed, World{}.accounts);
  EXPECT_EQ(counts[1000], 8u);
  EXPECT_NEAR(counts[1979], 200, 10);
  EXPECT_EQ(counts[1999], 3000u);
  EXPECT_LT(counts[1998], 1500u);
  EXPECT_NEAR(std::accumulate(counts.begin(), counts.end(), 0), 42'000, 1000);
  EXPECT_GT(std::ranges::count(counts, 0u), 20);
}

TEST(World, HasTheSameDistributionForEverySeedAndOneLargestAccountForEverySize) {
  EXPECT_EQ(sorted_counts(1, 2000), sorted_counts(99, 2000));
  for (const std::uint64_t accounts : {1, 2, 3, 10, 100, 1237}) {
    const auto counts = sorted_counts(5, accounts);
    EXPECT_EQ(std::ranges::count(counts, kMostRepositories), 1) << accounts;
  }
}

TEST(World, HasSmallAccountsWhenAsked) {
  std::set<std::uint32_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) seen.insert(small_count(1, i));
  EXPECT_EQ(seen, (std::set<std::uint32_t>{0, 1, 2, 3}));
}

TEST(World, IsTheSameEveryTime) {
  const World world{.seed = 3, .accounts = 100, .day = 9};
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(listing(MadeUpSource(world), i, {0, 20}), listing(MadeUpSource(world), i, {0, 20}));
  }
}

TEST(World, HasPagesOfTheSizeOfGitHubs) {
  const MadeUpSource source(World{});
  PageMaker maker(source, NullElements::none);
  const Account account = *source.find(Ordinal{largest_account(World{})});
  for (std::uint64_t number = 1; number <= 30; ++number) {
    const auto page =
        maker.make(account, {.account = account.ordinal, .number = number, .size = 100});
    EXPECT_EQ(page->last, 30u);
    EXPECT_GT(page->plain_size, 520'000u);
    EXPECT_LT(page->plain_size, 620'000u);
    EXPECT_GT(page->gzip.size(), 30'000u);
    EXPECT_LT(page->gzip.size(), 45'000u);
  }
}

TEST(World, HasObjectsWithGitHubsKeys) {
  const Json& repositories = largest_listing();
  ASSERT_EQ(repositories.size(), 3000u);
  std::set<std::uint64_t> ids;
  for (const Json& repository : repositories) {
    ASSERT_EQ(repository.size(), 82u);
    EXPECT_EQ(repository["owner"].size(), 19u);
    EXPECT_EQ(repository["full_name"], repository["owner"]["login"].get<std::string>() + "/" +
                                           repository["name"].get<std::string>());
    EXPECT_EQ(repository["watchers"], repository["stargazers_count"]);
    EXPECT_EQ(repository["open_issues"], repository["open_issues_count"]);
    EXPECT_TRUE(ids.insert(repository["id"].get<std::uint64_t>()).second);
  }
  EXPECT_GT(*ids.rbegin(), std::uint64_t{1} << 32);
  EXPECT_LT(*ids.begin(), std::uint64_t{1} << 32);
}

TEST(World, HasNullInEveryNullableField) {
  const Json& repositories = largest_listing();
  for (const char* key :
       {"description", "homepage", "language", "license", "mirror_url", "pushed_at"}) {
    const auto is_null = [&](const Json& repository) { return repository[key].is_null(); };
    const auto nulls = std::ranges::count_if(repositories, is_null);
    EXPECT_GT(nulls, 0) << key;
    EXPECT_LT(nulls, 3000) << key;
  }
  const auto has = [&](const char* key, const Json& value) {
    return std::ranges::any_of(repositories, [&](const Json& repository) {
      return !repository["license"].is_null() && repository["license"][key] == value;
    });
  };
  EXPECT_TRUE(has("spdx_id", nullptr));
  EXPECT_TRUE(has("spdx_id", "NOASSERTION"));
  EXPECT_TRUE(has("url", nullptr));
}

TEST(World, HasTheNamesAndTextsThatBreakPrograms) {
  for (const char* part :
       {"\"name\":\".github\"", "\"name\":\"-\"", "\"name\":\"null\"", "\"name\":\"1.0\"",
        "\"name\":\"__proto__\"", "🚀", "日本語", "\u200f", "\u2028", "\\u2028", "\\\"", "\\\\",
        "\\ud83d\\ude80", "\"homepage\":\"\""}) {
    EXPECT_NE(largest_text().find(part), std::string::npos) << part;
  }
  EXPECT_TRUE(std::ranges::any_of(largest_listing(), [](const Json& repository) {
    return repository["pushed_at"].is_string() &&
           repository["pushed_at"] < repository["created_at"];
  }));
}

TEST(World, SortsByNameWithoutRegardToCaseAndCutsAnywhere) {
  const MadeUpSource source(World{});
  const std::uint64_t largest = largest_account(World{});
  const Json& whole = largest_listing();
  std::vector<std::string> names;
  for (const Json& repository : whole) {
    std::string name = repository["name"];
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    names.push_back(std::move(name));
  }
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(Json::parse(listing(source, largest, {2990, 100})),
            Json(std::vector<Json>(whole.begin() + 2990, whole.end())));
  EXPECT_EQ(listing(source, largest, {3000, 100}), "[]");
}

}  // namespace
}  // namespace repopipe::simulator
