// Merges of the stays of one organisation: the result depends only on the content of the files.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/storage/merge/merge_world.h"
#include "tests/storage/store/members.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using Paths = std::vector<fs::path>;

const Member kMona{1, "mona"};
const std::vector<Member> kNobody;

class MergeStaysTest : public ::testing::Test {
 protected:
  // Days on which a file saw mona, and on which it missed her.
  void see(const fs::path& file, int day, const std::vector<Member>& members) {
    std::vector<Page> pages;
    if (!members.empty()) pages.push_back(page_of_members(members));
    spend(file, {.day = day, .listings = {members_of(kAcme, on_day(day), std::move(pages))}});
  }

  // After merging in both orders, at once and one after another.
  std::vector<std::string> stays(Paths files) {
    std::vector<std::string> all = merged(files, 1);
    for (int turn = 0; turn < 2; ++turn) {
      std::reverse(files.begin(), files.end());
      for (const std::size_t first : {files.size(), std::size_t{1}}) {
        EXPECT_EQ(merged(files, first), all);
      }
    }
    return all;
  }
  // `first` of them at once, then all.
  std::vector<std::string> merged(const Paths& files, std::size_t first) {
    const fs::path out = folder_.path() / ("out-" + std::to_string(++outs_) + ".db");
    merge_all(out, {files.begin(), files.begin() + static_cast<std::ptrdiff_t>(first)});
    merge_all(out, files);
    expect_sound(out);
    return rows_of(out);
  }
  static std::vector<std::string> rows_of(const fs::path& file) {
    auto database = open_reader(file);
    EXPECT_TRUE(database);
    return rows(*database,
                "SELECT user_id, substr(since, 9, 2), substr(until, 9, 2), "
                "substr(last_seen_at, 9, 2), role FROM members ORDER BY 1, since");
  }

  TempFolder folder_;
  const fs::path one_ = folder_ / "one.db";
  const fs::path two_ = folder_ / "two.db";
  int outs_ = 0;
};

TEST_F(MergeStaysTest, OfOneFileDoNotChange) {
  see(one_, 0, {kMona});
  see(one_, 1, kNobody);
  see(one_, 3, {kMona});
  see(one_, 5, kNobody);
  see(one_, 7, {{1, "mona", "admin"}});
  const auto before = rows_of(one_);
  EXPECT_THAT(before, ElementsAre("1|01|02|01|member", "1|04|06|04|member", "1|08|NULL|08|admin"));
  EXPECT_EQ(stays({one_}), before);
}

TEST_F(MergeStaysTest, OfALaterStateOfAFileReplaceThoseOfAnEarlierOne) {
  see(one_, 0, {kMona});
  fs::copy_file(one_, two_);
  see(one_, 1, kNobody);
  see(one_, 3, {kMona});
  EXPECT_THAT(stays({one_, two_}), ElementsAre("1|01|02|01|member", "1|04|NULL|04|member"));
}

TEST_F(MergeStaysTest, ThatOverlapAreOne) {
  see(one_, 0, {kMona});
  see(one_, 4, {kMona});
  see(two_, 2, {{1, "mona", "admin"}});
  see(two_, 6, {{1, "mona", "admin"}});
  EXPECT_THAT(stays({one_, two_}), ElementsAre("1|01|NULL|07|admin"));
}

TEST_F(MergeStaysTest, EndAtTheFirstAbsenceAfterTheLastSighting) {
  see(one_, 0, {kMona});
  see(one_, 4, kNobody);
  see(two_, 2, {kMona});
  EXPECT_THAT(stays({one_, two_}), ElementsAre("1|01|05|03|member"));
}

TEST_F(MergeStaysTest, AreSplitByAnAbsenceBetweenTwoSightings) {
  see(one_, 0, {kMona});
  see(one_, 2, kNobody);
  see(two_, 4, {kMona});
  EXPECT_THAT(stays({one_, two_}), ElementsAre("1|01|03|01|member", "1|05|NULL|05|member"));
}

// One file misses it at the time at which the other first sees it.
TEST_F(MergeStaysTest, ThatTouchAreTwo) {
  see(one_, 0, {kMona});
  see(one_, 2, kNobody);
  see(two_, 2, {kMona});
  EXPECT_THAT(stays({one_, two_}), ElementsAre("1|01|03|01|member", "1|03|NULL|03|member"));
}

// The clock was set back: a stay ends at the time at which it began.
TEST_F(MergeStaysTest, WithoutLengthStayWithoutLength) {
  see(one_, 4, {kMona});
  see(one_, 2, kNobody);
  fs::copy_file(one_, two_);
  see(two_, 6, {{2, "octo"}});
  EXPECT_THAT(stays({one_, two_}), ElementsAre("1|05|05|05|member", "2|07|NULL|07|member"));
}

TEST_F(MergeStaysTest, OfShardsAreMergedWithTheirListings) {
  see(one_, 0, {kMona});
  spend(two_, {.listings = {members_of({901, "other"}, on_day(0), {kMona})}});
  const fs::path out = folder_ / "out.db";
  merge_all(out, {one_, two_});
  auto database = open_reader(out);
  EXPECT_THAT(rows(*database, "SELECT login, resource, user_id FROM listings"),
              ElementsAre("acme|7|900", "other|7|901"));
  EXPECT_THAT(rows(*database, "SELECT login, resource, outcome FROM run_listings ORDER BY 1"),
              ElementsAre("acme|7|ok", "other|7|ok"));
  EXPECT_THAT(rows(*database, "SELECT org_id, user_id FROM members"),
              ElementsAre("900|1", "901|1"));
}

TEST_F(MergeStaysTest, RunsAreInTheOrderInWhichTheyBegan) {
  see(one_, 3, {kMona});
  see(one_, 1, {kMona});  // the clock was set back
  const fs::path out = folder_ / "out.db";
  merge_all(out, {one_});
  auto database = open_reader(out);
  EXPECT_THAT(rows(*database, "SELECT substr(started_at, 9, 2), ordinal FROM runs ORDER BY 2"),
              ElementsAre("02|1", "04|2"));
  auto single = open_reader(one_);
  EXPECT_THAT(rows(*single, "SELECT substr(started_at, 9, 2), ordinal FROM runs ORDER BY 2"),
              ElementsAre("04|1", "02|2"));
}

TEST_F(MergeStaysTest, ComeFromFilesWithAnyName) {
  const fs::path strange = folder_ / "100% mine?#.db";
  see(strange, 0, {kMona});
  EXPECT_THAT(merge_all(one_, {strange}), ElementsAre(Merged{1, 2, 0, 0}));
}

}  // namespace
}  // namespace repopipe
