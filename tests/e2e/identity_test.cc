// Accounts that are renamed, taken over or gone between two runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;

struct Change {
  std::string login, now, id, kind;
};

std::vector<std::string> days_later(int day, const char* renamed, const char* gone) {
  return {"--accounts",      "200",   "--seed",       "5", "--small", "--day", std::to_string(day),
          "--renamed-users", renamed, "--gone-users", gone};
}

// The changes, from the simulator.
std::vector<Change> changes(const std::vector<std::string>& world) {
  Program program{.arguments = {simulator_binary().string()}};
  for (const std::string& option : world) program.arguments.push_back(option);
  program.arguments.emplace_back("--list-renamed");
  std::istringstream lines(run(program).out);
  std::vector<Change> all;
  for (Change each; lines >> each.login >> each.now >> each.id >> each.kind;) all.push_back(each);
  return all;
}

struct Identity : ::testing::Test {
  Ended night(int day, const char* renamed, const char* gone) {
    const Simulator github(days_later(day, renamed, gone));
    nightly.ask(github.base_url());
    return nightly.run();
  }

  Nightly nightly{"", simulated_logins(days_later(0, "0", "0"))};
};

TEST_F(Identity, EachKindOfRenameIsToldFromTheOthers) {
  ASSERT_EQ(night(0, "0", "0").exit_code, 0);
  const std::string repos = value(nightly.database(), "SELECT count(*) FROM repos");
  const Ended ended = night(1, "12", "4");
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  std::map<std::string, std::pair<std::string, std::string>> expected;
  for (const Change& change : changes(days_later(1, "12", "4"))) {
    // The id of an account without repositories is unknown.
    if (query(nightly.database(),
              "SELECT 1 FROM users WHERE first_seen_run = 1 AND id = " + change.id)
            .empty()) {
      continue;
    }
    const bool is_renamed = change.kind == "redirect" || change.kind == "lost";
    const char* const outcome =
        is_renamed ? "renamed" : (change.kind == "gone" ? "not_found" : "ok");
    expected[change.login] = {outcome, is_renamed ? change.now : "NULL"};
    if (change.kind == "gone") {
      EXPECT_EQ(query(nightly.database(),
                      "SELECT gone_since IS NOT NULL FROM users WHERE id = " + change.id),
                (Rows{{"1"}}))
          << change.login << " " << change.kind;
    } else {
      EXPECT_EQ(
          query(nightly.database(), "SELECT login, gone_since FROM users WHERE id = " + change.id),
          (Rows{{change.now, "NULL"}}))
          << change.login << " " << change.kind;
    }
  }
  ASSERT_GT(expected.size(), 8U);
  for (const auto& [login, outcome] : expected) {
    EXPECT_EQ(query(nightly.database(),
                    "SELECT outcome, renamed_to FROM run_users WHERE run_id = 2 AND login = '" +
                        login + "'"),
              (Rows{{outcome.first, outcome.second}}))
        << login;
  }
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) >= " + repos + " FROM repos"), "1");
}

TEST_F(Identity, WhoIsGoneComesBack) {
  ASSERT_EQ(night(0, "0", "0").exit_code, 0);
  ASSERT_EQ(night(1, "0", "5").exit_code, 0);
  const std::string lost = value(nightly.database(), "SELECT count(*) FROM lost_users");
  EXPECT_GT(std::stoi(lost), 3);
  ASSERT_EQ(night(0, "0", "0").exit_code, 0);
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM lost_users"), "0");
}

TEST_F(Identity, WhenTooManyVanishNobodyIsMarked) {
  ASSERT_EQ(night(0, "0", "0").exit_code, 0);
  const Ended ended = night(1, "0", "60");
  EXPECT_EQ(ended.exit_code, 65);
  EXPECT_THAT(ended.err, HasSubstr("known users are gone, more than run.max_vanished allows"));
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM lost_users"), "0");
  EXPECT_EQ(value(nightly.database(), "SELECT status FROM latest_run"), "incomplete");
  EXPECT_EQ(night(0, "0", "0").exit_code, 0);
}

// The same server under another name.
std::string renamed(std::string base_url) {
  const std::string host = "127.0.0.1";
  return base_url.replace(base_url.find(host), host.size(), "localhost");
}

struct AcceptedHost : ::testing::Test {
  std::vector<std::string> logins = simulated_logins(days_later(0, "0", "0"));
  Simulator github{days_later(0, "0", "0")};
  Nightly nightly{github.base_url(), logins};
  const std::string hosts = "SELECT id, status, host FROM runs ORDER BY id";
};

TEST_F(AcceptedHost, AnotherOneIsRefusedBeforeAnythingIsWritten) {
  ASSERT_EQ(nightly.run().exit_code, 0);
  const std::string before = read_file(nightly.database());
  const auto asked = github.report().at("requests");
  nightly.ask(renamed(github.base_url()));
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(ended.err, HasSubstr("holds what github at 127.0.0.1 told, and this job asks github "
                                   "at localhost"));
  EXPECT_THAT(ended.err, HasSubstr("repopipe run JOB --accept-host"));
  EXPECT_EQ(read_file(nightly.database()), before);
  EXPECT_EQ(github.report().at("requests"), asked);
}

TEST_F(AcceptedHost, OnceItIsAcceptedTheDatabaseGoesOnWithIt) {
  ASSERT_EQ(nightly.run().exit_code, 0);
  const auto world = dump(nightly.database(), Part::world);
  nightly.ask(renamed(github.base_url()));
  const Ended accepted = nightly.run({"--accept-host"});
  ASSERT_EQ(accepted.exit_code, 0) << accepted.err;
  EXPECT_THAT(difference(dump(nightly.database(), Part::world), world), ::testing::IsEmpty());
  EXPECT_EQ(value(nightly.database(), "SELECT repos_new + repos_gone FROM runs WHERE id = 2"), "0");
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), hosts), (Rows{{"1", "complete", "127.0.0.1"},
                                                    {"2", "complete", "localhost"},
                                                    {"3", "complete", "localhost"}}));
  nightly.ask(github.base_url());
  EXPECT_EQ(nightly.run().exit_code, 78) << "the old name is now another one";
}

TEST_F(AcceptedHost, AnUnfinishedRunGoesOnUnderTheNewName) {
  const Ended limited =
      nightly.run({"--set", "limits.requests_per_minute=20", "--set", "run.deadline=2s"});
  ASSERT_EQ(limited.exit_code, 75) << limited.err;
  nightly.ask(renamed(github.base_url()));
  EXPECT_EQ(nightly.run().exit_code, 78);
  EXPECT_EQ(nightly.run({"--accept-host"}).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), hosts), (Rows{{"1", "complete", "localhost"}}));
}

}  // namespace
}  // namespace repopipe::e2e
