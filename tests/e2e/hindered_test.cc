// What a machine does to a run: another program holds the database, or the process is
// suspended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <csignal>
#include <optional>
#include <utility>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;

constexpr auto kWhile = 300ms;

std::vector<std::string> some_users() {
  std::vector<std::string> users;
  for (int i = 0; i < 20; ++i) users.push_back("user-" + std::to_string(i));
  return users;
}

// Another program's transaction on the database, until it is let go.
class Holder {
 public:
  Holder(const std::filesystem::path& database, const std::string& begin) {
    EXPECT_EQ(sqlite3_open(database.c_str(), &handle_), SQLITE_OK);
    sqlite3_busy_timeout(handle_, 10'000);
    EXPECT_EQ(sqlite3_exec(handle_, begin.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  }
  ~Holder() { let_go(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void let_go() { sqlite3_close_v2(std::exchange(handle_, nullptr)); }

 private:
  sqlite3* handle_ = nullptr;
};

constexpr const char* kRuns = "SELECT id, status, exit_code, users_ok FROM runs";
const Rows kComplete{{"1", "complete", "0", "20"}};

class Held : public ::testing::TestWithParam<std::string> {
 protected:
  // A run that waits for the database, with responses for all its users.
  void hold() {
    api.wait_until_held(8);
    holder.emplace(nightly.database(), GetParam());
    api.open();
    EXPECT_FALSE(process.ends_within(kWhile));
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users"), "0");
  }

  GatedApi api{0};
  Nightly nightly{api.base_url(), some_users()};
  Process process{nightly.program()};
  std::optional<Holder> holder;
};

TEST_P(Held, ARunWaitsUntilItIsLetGo) {
  hold();
  holder->let_go();
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), kRuns), kComplete);
}

TEST_P(Held, ASignalLetsWhatIsUnderWayComeHome) {
  hold();
  deliver(process, SIGINT);
  EXPECT_FALSE(process.ends_within(kWhile)) << "what has been fetched is waiting to be written";
  holder->let_go();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 130);
  EXPECT_GE(std::stoi(value(nightly.database(), "SELECT count(*) FROM run_users")), 8);
  EXPECT_EQ(value(nightly.database(), "SELECT status FROM runs"), "interrupted");
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), kRuns), kComplete);
}

TEST_P(Held, ASecondSignalEndsTheWaiting) {
  hold();
  deliver(process, SIGTERM);
  while (!process.ends_within(std::chrono::milliseconds(50))) {
    process.signal(SIGTERM);  // within a second it is the first
  }
  EXPECT_EQ(process.wait().exit_code, 143);
  holder->let_go();
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), kRuns), kComplete);
}

TEST_P(Held, BeforeTheRunItWaitsTooAndASignalEndsThat) {
  api.open();
  EXPECT_EQ(process.wait().exit_code, 0);
  holder.emplace(nightly.database(), GetParam());
  Process interrupted(nightly.program());
  wait_until_watched(interrupted, SIGINT);
  EXPECT_FALSE(interrupted.ends_within(kWhile));
  interrupted.signal(SIGINT);
  EXPECT_EQ(interrupted.wait().exit_code, 130);
  Process patient(nightly.program());
  EXPECT_FALSE(patient.ends_within(kWhile));
  holder->let_go();
  EXPECT_EQ(patient.wait().exit_code, 0);
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM runs WHERE status = 'complete'"), "2");
}

TEST_P(Held, ASecondRunWaitsForNobodyToFindTheFirst) {
  hold();
  Process second(nightly.program());
  EXPECT_EQ(second.wait().exit_code, 75);
  holder->let_go();
  EXPECT_EQ(process.wait().exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(By, Held,
                         ::testing::Values("BEGIN IMMEDIATE",
                                           "BEGIN EXCLUSIVE; DELETE FROM run_users"),
                         [](const auto& info) { return info.index == 0 ? "Idle" : "Writing"; });

class Displaced : public ::testing::TestWithParam<std::string> {
 protected:
  // What happens to the file besides being removed.
  void displace(const Nightly& nightly) const {
    const auto other = nightly.folder() / "other.db";
    if (GetParam() == "Removed") std::filesystem::remove(nightly.database());
    if (GetParam() == "FolderRemoved") std::filesystem::remove_all(nightly.folder().path());
    if (GetParam() == "FolderRenamed") {
      std::filesystem::rename(nightly.folder().path(), moved_.path() / "here");
    }
    if (GetParam() == "Renamed") std::filesystem::rename(nightly.database(), other);
    if (GetParam() != "Replaced") return;
    execute(other, "CREATE TABLE bookmarks (url TEXT)");
    std::filesystem::rename(other, nightly.database());
  }

 private:
  TempFolder moved_;
};

// With the next commit, and not after all the other users.
TEST_P(Displaced, ADatabaseEndsItsRunAtOnce) {
  std::vector<std::string> users;
  for (int i = 0; i < 400; ++i) users.push_back("user-" + std::to_string(i));
  GatedApi api(0);
  const Nightly nightly(api.base_url(), users);
  Process process(nightly.program());
  api.wait_until_held(8);
  displace(nightly);
  while (!process.ends_within(100ms)) api.release();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 74) << ended.err;
  const bool is_replaced = GetParam() == "Replaced";
  EXPECT_THAT(ended.err, ::testing::HasSubstr(is_replaced ? "replaced by another one" : "removed"));
  EXPECT_THAT(ended.err, ::testing::HasSubstr("do     put the former file back"));
  EXPECT_EQ(ended.err.find("not requested again"), std::string::npos) << ended.err;
  EXPECT_LT(api.asked().size(), users.size() / 2);
  EXPECT_EQ(std::filesystem::exists(nightly.database()), is_replaced);
  if (!is_replaced) return;
  EXPECT_EQ(query(nightly.database(), "SELECT name FROM sqlite_schema"), (Rows{{"bookmarks"}}));
}

INSTANTIATE_TEST_SUITE_P(File, Displaced,
                         ::testing::Values("Removed", "Renamed", "Replaced", "FolderRemoved",
                                           "FolderRenamed"),
                         [](const auto& info) { return info.param; });

class Suspended : public ::testing::TestWithParam<std::string> {
 protected:
  // For longer than a request may take.
  void suspend() {
    api.wait_until_held(8);
    process.signal(SIGSTOP);
    EXPECT_FALSE(process.ends_within(4 * kTimeout));
  }
  void expect_completion() {
    const Ended ended = process.wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(query(nightly.database(), kRuns), kComplete);
  }

  static constexpr std::chrono::milliseconds kTimeout = is_sanitized() ? 1s : 200ms;
  GatedApi api{0};
  Nightly nightly{api.base_url(), some_users()};
  Process process{
      nightly.program({"--set", "fetch.timeout=" + std::to_string(kTimeout.count()) + "ms", "--set",
                       "fetch.engine=" + GetParam(), "--set", "fetch.attempts=20", "--set",
                       "fetch.backoff=50ms", "--set", "run.connect_wait=1m"})};
};

TEST_P(Suspended, ARunAsksAgainForWhatDidNotComeInTime) {
  suspend();
  process.signal(SIGCONT);
  api.wait_until_held(9);  // the eight that are given up wait there still
  api.open();
  expect_completion();
}

TEST_P(Suspended, ARunCopesWithResponsesThatCameMeanwhile) {
  suspend();
  api.open();
  EXPECT_FALSE(process.ends_within(kWhile));
  process.signal(SIGCONT);
  expect_completion();
}

INSTANTIATE_TEST_SUITE_P(Engines, Suspended, ::testing::Values("event_loop", "threads"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace repopipe::e2e
