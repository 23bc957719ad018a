#include "pipeline/model/run.h"

#include <gtest/gtest.h>

#include <vector>

namespace repopipe {
namespace {

TEST(Shard, IsReadAsNumberAndCount) {
  EXPECT_EQ(parse_shard("2/3"), (Shard{2, 3}));
  EXPECT_EQ(parse_shard("1000/1000"), (Shard{1000, 1000}));
  EXPECT_EQ(parse_shard("02/3"), (Shard{2, 3}));
  EXPECT_EQ(parse_shard("2/3")->name(), "2/3");
  EXPECT_TRUE(parse_shard("1/1")->is_whole());
}

TEST(Shard, IsNothingElse) {
  for (const char* text : {"", "/", "x", "2", "0/3", "4/3", "1/0", "1/", "/3", "1/1001", "-1/3",
                           "+1/3", " 1/3", "1/3 ", "1/3/3", "1,3", "1/4294967299", "1.0/3"}) {
    EXPECT_FALSE(parse_shard(text)) << text;
  }
}

std::uint32_t shard_of(std::string_view login, std::uint32_t count) {
  std::uint32_t found = 0;
  for (std::uint32_t number = 1; number <= count; ++number) {
    if (!Shard{number, count}.holds(login)) continue;
    EXPECT_EQ(found, 0U) << login << " is in two shards";
    found = number;
  }
  EXPECT_GT(found, 0U) << login << " is in no shard";
  return found;
}

TEST(Shard, EveryLoginIsInExactlyOne) {
  for (int i = 0; i < 500; ++i) {
    for (const std::uint32_t count : {1, 2, 3, 7, 64}) shard_of("user-" + std::to_string(i), count);
  }
}

TEST(Shard, SpellingDoesNotMatter) {
  for (const std::uint32_t count : {2, 3, 1000}) {
    EXPECT_EQ(shard_of("OctoCat", count), shard_of("octocat", count));
  }
}

TEST(Shard, SharesAreAlike) {
  std::vector<int> users(10);
  for (int i = 0; i < 10'000; ++i) ++users[shard_of("user-" + std::to_string(i), 10) - 1];
  for (const int share : users) EXPECT_NEAR(share, 1000, 120);
}

// Machines with other versions of the program must agree: these never change.
TEST(Shard, NeverChanges) {
  const std::vector<std::uint32_t> known{1, 1, 891, 2, 2, 476, 1, 1, 77, 2, 3, 316, 1, 3, 629};
  std::vector<std::uint32_t> now;
  for (const char* login : {"octocat", "torvalds", "mojombo", "a", "github-actions[bot]"}) {
    for (const std::uint32_t count : {2, 3, 1000}) now.push_back(shard_of(login, count));
  }
  EXPECT_EQ(now, known);
}

std::optional<std::string> judged(std::uint64_t known, std::uint64_t missing, double most) {
  return too_many_vanished({"repositories", known, missing}, most);
}

TEST(Vanishing, MayTakeAFewWhateverTheShare) {
  EXPECT_EQ(judged(20, 19, 0.2), std::nullopt);
  EXPECT_EQ(judged(2, 1, 0), std::nullopt);
  EXPECT_EQ(judged(0, 0, 0), std::nullopt);
}

TEST(Vanishing, MayTakeItsShare) {
  EXPECT_EQ(judged(100, 20, 0.2), std::nullopt);
  EXPECT_EQ(judged(100, 99, 0.99), std::nullopt);
}

TEST(Vanishing, IsAMistakeAboveBoth) {
  EXPECT_EQ(judged(100, 21, 0.2),
            "21 of 100 known repositories are gone, more than run.max_vanished allows; none was "
            "marked as gone");
  EXPECT_NE(judged(21, 20, 0), std::nullopt);
}

TEST(Vanishing, IsAMistakeIfNoneIsLeft) {
  for (const std::uint64_t known : {1, 2, 19, 20, 100}) {
    EXPECT_NE(judged(known, known, 0.99), std::nullopt) << known;
  }
}

TEST(Vanishing, IsAcceptedAsAWholeWhereAllMayVanish) {
  for (const std::uint64_t known : {1, 19, 20, 100}) {
    EXPECT_EQ(judged(known, known, 1), std::nullopt) << known;
  }
}

}  // namespace
}  // namespace repopipe
