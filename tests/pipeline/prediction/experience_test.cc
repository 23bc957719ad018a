#include "pipeline/prediction/experience.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

// Of 900 users with one page 300 are unchanged, and 30 of 100 pages of the others.
PastNight night() {
  PastNight night{.has_users = true};
  night.single = {.pages = 900, .requests = 909, .known = 900, .unchanged = 300};
  night.several = {.pages = 100, .requests = 150, .known = 100, .unchanged = 10};
  night.other_pages = 30;  // of which 10 are not modified, as of the others
  night.run.totals.not_modified = 300 + 30 + 10;
  night.run.totals.requests = 1100;
  night.run.parts_ms = {100, 10'000, 50, 0, 20};
  night.not_modified_ms = 40;
  night.other_ms = 80;
  night.fetch_busy_ms = 78'000;
  night.store_busy_ms = 2200;
  return night;
}

TEST(Experience, WithoutNightsAssumes) {
  const Experience past = experience_of({}, {});
  EXPECT_EQ(past.nights, 0U);
  EXPECT_FALSE(past.knows_free);
  EXPECT_EQ(past.mean_pages, 1.25);
  EXPECT_EQ(past.response, 0.1);
  EXPECT_EQ(past.single.requests, 1);
}

TEST(Experience, TakesTheRatesOfANight) {
  const Experience past = experience_of({night()}, {});
  EXPECT_TRUE(past.knows_free);
  EXPECT_DOUBLE_EQ(past.single.requests, 1.01);
  EXPECT_DOUBLE_EQ(past.single.free, 1.0 / 3);
  EXPECT_DOUBLE_EQ(past.several.requests, 1.5);
  EXPECT_DOUBLE_EQ(past.several.free, 0.3);
  EXPECT_DOUBLE_EQ(past.response, 0.08);
  EXPECT_DOUBLE_EQ(past.not_modified, 0.04);
  EXPECT_DOUBLE_EQ(past.parallel, 7.8);
  EXPECT_DOUBLE_EQ(past.store, 0.002);
  EXPECT_DOUBLE_EQ(past.overhead, 0.17);
}

// All pages of the first night were new: nothing of it says how many are unchanged.
TEST(Experience, TheFirstNightSaysNothingAboutFreeRequests) {
  PastNight first = night();
  first.single.known = first.single.unchanged = first.several.known = 0;
  first.run.totals.not_modified = 0;
  EXPECT_FALSE(experience_of({first}, {}).knows_free);
  EXPECT_DOUBLE_EQ(experience_of({night(), first}, {}).single.free, 1.0 / 3);
}

// As after a new token, or an outage.
TEST(Experience, OneOddNightCountsLittle) {
  PastNight odd = night();
  odd.single.unchanged = 0;
  odd.run.totals.not_modified = 0;
  odd.other_ms = 9000;
  odd.retry_ms = 60'000;
  const Experience past = experience_of({odd, night(), night()}, {});
  EXPECT_DOUBLE_EQ(past.single.free, 1.0 / 3);
  EXPECT_DOUBLE_EQ(past.response, 0.08);
  EXPECT_DOUBLE_EQ(experience_of({odd, night()}, {}).overhead, 0.17);
}

TEST(Experience, ANightWithoutItsUsersHasOnlyTimes) {
  PastNight old = night();
  old.has_users = false;
  const Experience past = experience_of({old}, {});
  EXPECT_FALSE(past.knows_free);
  EXPECT_EQ(past.several.requests, 1);
  EXPECT_DOUBLE_EQ(past.response, 0.08);
}

TEST(Experience, TheMeanOfAHundredKnownUsersCounts) {
  KnownLists lists;
  for (std::uint64_t i = 0; i < 99; ++i) lists.by_key[i] = {.pages = 2};
  EXPECT_EQ(experience_of({}, lists).mean_pages, 1.25);
  lists.by_key[99] = {.listed = 2};     // without ETags
  lists.by_key[100] = {.requests = 2};  // not listed
  EXPECT_EQ(experience_of({}, lists).mean_pages, 2);
}

}  // namespace
}  // namespace repopipe
