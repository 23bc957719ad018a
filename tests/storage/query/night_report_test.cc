#include "storage/query/night_report.h"

#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NightReportTest : public StoreTest {
 protected:
  NightReport report(NightChoice choice = {}) {
    auto found = night_report(database_path(), choice);
    if (!found) ADD_FAILURE() << found.error().message;
    return found ? *found : NightReport{};
  }

  static Listing failed(const char* login, int day) {
    return bare(login, on_day(day), Outcome::failed, std::string(login) + " page 1: HTTP 500 (x)");
  }
};

TEST_F(NightReportTest, AnswersForTheNewestRunAndTheNightsBefore) {
  for (int day = 0; day < 4; ++day) run(day, {listing(kAnna, on_day(day), {{1, "one"}})});
  const NightReport night = report();
  EXPECT_EQ(night.night.run_id, 4);
  EXPECT_EQ(night.finished->run_id, 4);
  EXPECT_EQ(night.repositories, 1U);
  ASSERT_EQ(night.before.size(), 2U) << "without the first";
  EXPECT_EQ(night.before[0].run_id, 3);
  EXPECT_EQ(night.latencies_before.size(), 2U);
  ASSERT_EQ(night.nights.size(), 4U);
  EXPECT_EQ(night.nights[0].run_id, 1);
  EXPECT_EQ(report({.nights = 2}).nights.size(), 2U);
  EXPECT_EQ(report({.run_id = 2}).night.run_id, 2);
  EXPECT_EQ(report({.run_id = 2}).nights.size(), 2U);
}

TEST_F(NightReportTest, ShowsTheChangesOfTheLastFinishedNight) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 10), starred(2, 5)})});
  run(3, {listing(kAnna, on_day(3), {starred(1, 17), starred(3, 4), starred(4, 9)})});
  begin(4);
  ASSERT_TRUE(write({failed("ben", 4)}));
  finish(RunStatus::failed);
  const NightReport night = report();
  EXPECT_EQ(night.night.run_id, 3);
  EXPECT_EQ(night.settled, 1U);
  EXPECT_EQ(night.finished->run_id, 2);
  EXPECT_EQ(night.added.count, 2U);
  ASSERT_EQ(night.gained.some.size(), 1U);
  EXPECT_EQ(night.gained.some[0].stars, 7);
  EXPECT_EQ(night.gained.some[0].name, query("SELECT full_name FROM star_gains_7d")[0]);
  EXPECT_EQ(night.added.some[0].stars, 9) << "most stars first";
}

TEST_F(NightReportTest, GroupsUsersByCauseAndSaysSinceWhen) {
  run(0, {listing(kAnna, on_day(0), {{1, "one"}}), failed("ben", 0)});
  for (int day = 1; day < 4; ++day) {
    run(day, {failed("anna", day), failed("ben", day),
              bare("ghost", on_day(day), Outcome::not_found, "ghost: HTTP 404")});
  }
  const NightReport night = report();
  ASSERT_EQ(night.not_listed.size(), 2U);
  EXPECT_EQ(night.not_listed[0].cause, "HTTP 500");
  EXPECT_THAT(night.not_listed[0].users.some, ElementsAre("anna", "ben"));
  EXPECT_EQ(night.not_listed[0].since.substr(0, 10), "2026-11-01");
  EXPECT_EQ(night.not_listed[1].outcome, "not_found");
  EXPECT_EQ(night.not_listed[1].since.substr(0, 10), "2026-11-02");
  EXPECT_THAT(night.failing.some, ElementsAre("anna", "ben"));
  EXPECT_THAT(night.not_found.some, ElementsAre("ghost"));
  EXPECT_EQ(night.gone_since.substr(0, 10), "2026-11-02");
  EXPECT_THAT(report({.run_id = 3}).failing.some, ElementsAre("ben"));
  EXPECT_THAT(report({.run_id = 2}).failing.some, IsEmpty()) << "needs three nights";
}

TEST_F(NightReportTest, ARunThatIsMissingIsAFailure) {
  EXPECT_EQ(night_report(database_path(), {}).error().kind, FailureKind::output);
  run(0, {});
  EXPECT_EQ(night_report(database_path(), {.run_id = 7}).error().kind, FailureKind::usage);
  EXPECT_FALSE(night_report(folder_ / "none.db", {}));
}

}  // namespace
}  // namespace repopipe
