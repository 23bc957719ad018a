// Accounts that are renamed, taken over or gone from one night to the next.
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

// What has become of whom, as the simulator tells it.
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
    // Of an account without repositories nobody has ever seen the number.
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

}  // namespace
}  // namespace repopipe::e2e
