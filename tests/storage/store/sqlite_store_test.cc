// Users, transactions, and the rows of a user other than repositories.
#include "storage/store/sqlite_store.h"

#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using namespace std::string_literals;

class SqliteStoreTest : public StoreTest {
 protected:
  // Two attempts for page 1: no response, then 200.
  static std::vector<RequestLog> two_attempts() {
    RequestLog lost;
    lost.timing.started_at = on_day(0, 10);
    lost.timing.name_lookup = lost.timing.connect = lost.timing.tls = 1500us;
    lost.timing.first_byte = lost.timing.total = 30s;
    lost.outcome = "timeout";
    lost.error = "no response within 30 s";
    RequestLog good;
    good.attempt = 2;
    good.status = 200;
    good.bytes = 34'567;
    good.http_version = "2";
    good.timing.started_at = on_day(0, 31'000);
    good.timing.first_byte = 90ms;
    good.timing.total = 120'250us;
    return {lost, good};
  }
};

TEST_F(SqliteStoreTest, StoresEachRequest) {
  begin(0);
  Listing anna = listing(kAnna, on_day(0), {{1, "a"}});
  anna.request_logs = two_attempts();
  ASSERT_TRUE(write({anna}));
  EXPECT_THAT(query("SELECT * FROM requests"),
              ElementsAre("1|1|anna|1|1|2026-11-01T00:00:00.010Z|NULL|NULL|0|1.5|1.5|1.5|30000.0|"
                          "30000.0|timeout|no response within 30 s|1",
                          "2|1|anna|1|2|2026-11-01T00:00:31.000Z|200|2|34567|0.0|0.0|0.0|90.0|"
                          "120.25|ok|NULL|1"));
}

TEST_F(SqliteStoreTest, StoresTheTimesOfAUser) {
  begin(0);
  Listing anna = listing(kAnna, on_day(0, 7), {{1, "a"}});
  anna.request_logs = two_attempts();
  anna.queued = 2ms;
  anna.fetch = 30'120'250us;
  anna.parse = 400us;
  anna.handed_over = clock_.now();
  ASSERT_TRUE(write({anna}));
  EXPECT_THAT(query("SELECT * FROM run_users"),
              ElementsAre("1|anna|ok|10|2026-11-01T00:00:00.007Z|1|1|0|0|0|1|2|2|34567|3.0|"
                          "30120.25|0.4|1.0|NULL|NULL|NULL"));
}

TEST_F(SqliteStoreTest, StoresTheHighestAttempt) {
  begin(0);
  Listing anna = listing(kAnna, on_day(0), {{1, "a"}});
  for (const int attempt : {1, 3, 2}) {
    RequestLog log;
    log.attempt = attempt;
    anna.request_logs.push_back(log);
  }
  ASSERT_TRUE(write({anna}));
  EXPECT_THAT(query("SELECT requests, attempts FROM run_users"), ElementsAre("3|3"));
}

TEST_F(SqliteStoreTest, KeepsTheErrorOfAUserThatFailed) {
  run(0, {bare("ghost", on_day(0), Outcome::not_found, "HTTP 404"),
          bare("spam", on_day(0), Outcome::blocked, "HTTP 451"),
          bare("slow", on_day(0), Outcome::failed, "page 2: HTTP 502")});
  EXPECT_THAT(
      query("SELECT login, outcome, user_id, repos, pages, attempts, error FROM run_users"),
      ElementsAre("ghost|not_found|NULL|0|0|0|HTTP 404", "slow|failed|NULL|0|0|0|page 2: HTTP 502",
                  "spam|blocked|NULL|0|0|0|HTTP 451"));
}

TEST_F(SqliteStoreTest, KeepsOnlyTheRequestsOfAnAbandonedUser) {
  begin(0);
  Listing anna = bare("anna", on_day(0), Outcome::abandoned);
  anna.request_logs = two_attempts();
  ASSERT_TRUE(write({anna}));
  EXPECT_THAT(query("SELECT login, attempt FROM requests"), ElementsAre("anna|1", "anna|2"));
  EXPECT_THAT(query("SELECT * FROM run_users"), IsEmpty());
  EXPECT_THAT(query("SELECT * FROM users"), IsEmpty());
}

TEST_F(SqliteStoreTest, WritesNothingOfAGroupThatBreaksARule) {
  begin(0);
  const auto before = dump();
  const Listing good = listing(kAnna, on_day(0), {{1, "a"}});
  const Listing bad = listing(kBen, on_day(0), {{2, "b", {{"private", 2}}}});
  const auto written = write({good, bad});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, FailureKind::database);
  EXPECT_THAT(written.error().message, StartsWith("ben: " + folder_.path().string()));
  EXPECT_THAT(written.error().message, HasSubstr("CHECK constraint failed"));
  EXPECT_EQ(dump(), before);
  EXPECT_TRUE(write({good}));
}

TEST_F(SqliteStoreTest, RefusesARowWithoutIdentity) {
  begin(0);
  const auto before = dump();
  for (const char* column : {"id", "owner_id", "owner_login"}) {
    const auto written = write({listing(kAnna, on_day(0), {{1, "a", {{column, {}}}}})});
    ASSERT_FALSE(written) << column;
    EXPECT_EQ(written.error(), (Failure{FailureKind::internal,
                                        "anna: a row lacks its id or its owner's id or login"}));
  }
  EXPECT_EQ(dump(), before);
}

TEST_F(SqliteStoreTest, RefusesATextInsteadOfANumber) {
  begin(0);
  const auto written = write({listing(kAnna, on_day(0), {{1, "a", {{"size", "big"s}}}})});
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("cannot store TEXT value in INTEGER column"));
}

TEST_F(SqliteStoreTest, RollsBackWhenTheDiskIsFullAndContinuesAfterwards) {
  begin(0);
  std::vector<Repo> many;
  for (int i = 1; i <= 500; ++i) many.push_back({i, std::string(500, 'x')});
  const std::string pages = query("PRAGMA page_count").front();
  ASSERT_TRUE(database_->execute("PRAGMA max_page_count = " + pages));
  const auto before = dump();
  const auto written = write({listing(kAnna, on_day(0), many)});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(),
            (Failure{FailureKind::disk, "anna: " + database_path().string() +
                                            ": database or disk is full (SQLite 13)"}));
  EXPECT_EQ(dump(), before);
  ASSERT_TRUE(database_->execute("PRAGMA max_page_count = 1000000"));
  EXPECT_TRUE(write({listing(kAnna, on_day(0), many)}));
  EXPECT_THAT(query("SELECT count(*) FROM repos"), ElementsAre("500"));
}

TEST_F(SqliteStoreTest, ContinuesAfterAFailure) {
  begin(0);
  auto store = SqliteStore::open(*database_, run_id_, resources_, clock_);
  ASSERT_TRUE(store);
  const Listing bad = listing(kBen, on_day(0), {{1, "a"}, {2, "b", {{"private", 2}}}});
  const Listing good = listing(kBen, on_day(0), {{1, "a"}, {2, "b"}});
  EXPECT_FALSE((*store)->add(bad));
  EXPECT_TRUE((*store)->add(good));
  EXPECT_TRUE((*store)->commit());
  EXPECT_THAT(query("SELECT id FROM repos ORDER BY id"), ElementsAre("1", "2"));
}

TEST_F(SqliteStoreTest, LetsReadersSeeTheLastCommitWhileItWrites) {
  run(0, {listing(kAnna, on_day(0), {{1, "a"}})});
  auto reader = open_reader(database_path());
  ASSERT_TRUE(reader) << reader.error().message;
  begin(1);
  ASSERT_TRUE(database_->execute("BEGIN IMMEDIATE; UPDATE repos SET name = 'half done'"));
  EXPECT_THAT(rows(*reader, "SELECT name FROM repos"), ElementsAre("a"));
  ASSERT_TRUE(database_->execute("ROLLBACK"));

  auto snapshot = Transaction::begin(*reader, TransactionKind::read);
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM repos"), ElementsAre("1"));
  EXPECT_TRUE(write({listing(kAnna, on_day(1), {{1, "a"}, {2, "b"}})}));
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM repos"), ElementsAre("1"));
  ASSERT_TRUE(snapshot->commit());
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM repos"), ElementsAre("2"));
}

TEST_F(SqliteStoreTest, NeedsARunThatExists) {
  const auto store = SqliteStore::open(*database_, 17, resources_, clock_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error(), (Failure{FailureKind::internal, "there is no run 17"}));
}

}  // namespace
}  // namespace repopipe
