// Several runs with ETags: unchanged pages are neither read nor written again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kTokens{"token-of-anna-1234567890", "token-of-bert-1234567890",
                                       "token-of-carl-1234567890"};

// Whatever is in the database but what the runs say of themselves, moments included.
Rows all_but_the_log(const std::filesystem::path& database) {
  Rows all;
  for (const char* table :
       {"users", "repos", "repo_topics", "repo_stats", "repo_changes", "listings", "pages"}) {
    for (Row& row : query(
             database, std::string("SELECT '") + table + "', * FROM " + table + " ORDER BY 2, 3")) {
      all.push_back(std::move(row));
    }
  }
  return all;
}

// A run with the first `count` tokens, each in a variable of its own.
Ended run_with_tokens(const Nightly& nightly, std::size_t count,
                      std::vector<std::string> arguments = {}) {
  std::string references;
  for (std::size_t i = 0; i < count; ++i) {
    references += (i == 0 ? "'env:TOKEN_" : ", 'env:TOKEN_") + std::to_string(i) + "'";
  }
  arguments.insert(arguments.end(), {"--set", "provider.tokens=[" + references + "]"});
  Program program = nightly.program(std::move(arguments));
  for (std::size_t i = 0; i < count; ++i) {
    program.environment["TOKEN_" + std::to_string(i)] = kTokens.at(i);
  }
  return run(program);
}

std::string last_run(const Nightly& nightly, const std::string& columns) {
  const Rows rows =
      query(nightly.database(), "SELECT " + columns + " FROM runs ORDER BY id DESC LIMIT 1");
  std::string line;
  for (const std::string& cell : rows.at(0)) line += (line.empty() ? "" : "|") + cell;
  return line;
}

TEST(Conditional, ASecondNightReadsAndWritesNothing) {
  const Simulator github(world());
  const Nightly nightly(github.base_url(), simulated_logins(world()));
  ASSERT_EQ(run_with_tokens(nightly, 1).exit_code, 0);
  const Rows before = all_but_the_log(nightly.database());
  const Ended ended = run_with_tokens(nightly, 1);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr(std::to_string(kAccounts) + " unchanged"));
  EXPECT_EQ(last_run(nightly, "requests - requests_unchanged, users_unchanged, repos_changed"),
            "0|" + std::to_string(kAccounts) + "|0");
  EXPECT_EQ(all_but_the_log(nightly.database()), before);
}

TEST(Conditional, OnlyChangedPagesAreReadAndTheListingStaysComplete) {
  const std::vector<std::string> users = simulated_logins(world());
  Nightly nightly("", users);
  Nightly only_after("", users);
  for (const int day : {0, 1}) {
    const Simulator github(world(day));
    nightly.ask(github.base_url());
    ASSERT_EQ(run_with_tokens(nightly, 1, {"--set", "provider.per_page=25"}).exit_code, 0);
    if (day == 0) continue;
    only_after.ask(github.base_url());
    ASSERT_EQ(run_with_tokens(only_after, 1, {"--set", "provider.per_page=25"}).exit_code, 0);
  }
  const char* const kPresent =
      "SELECT id, full_name, owner_id, description, stargazers_count, topics, archived "
      "FROM repos WHERE gone_since IS NULL ORDER BY id";
  EXPECT_EQ(query(nightly.database(), kPresent), query(only_after.database(), kPresent));
  EXPECT_EQ(last_run(nightly, "requests_unchanged > 10, requests_unchanged < requests"), "1|1");
  EXPECT_EQ(value(nightly.database(),
                  "SELECT count(*) > 0 FROM run_users WHERE run_id = 2 AND outcome = 'ok' AND "
                  "pages > 1 AND (SELECT count(*) FROM requests q WHERE q.run_id = 2 AND q.login "
                  "= run_users.login AND status = 304) > 0"),
            "1");
}

TEST(Conditional, NothingIsGoneWhileANullMayHideIt) {
  constexpr int kLater = 10;
  const std::vector<std::string> nulls{"--null-elements"};
  Nightly nightly("", simulated_logins(world()));
  const auto night = [&](const std::vector<std::string>& options) {
    const Simulator github(options);
    nightly.ask(github.base_url());
    const Ended ended = run_with_tokens(nightly, 1);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
  };
  const char* const kGoneBehindNulls =
      "SELECT count(*) FROM repos JOIN run_users u ON u.run_id = 2 AND u.user_id = repos.owner_id "
      "WHERE u.skipped > 0 AND gone_since IS NOT NULL";
  night(world());
  night(world(kLater) + nulls);
  EXPECT_EQ(value(nightly.database(), kGoneBehindNulls), "0");
  EXPECT_EQ(last_run(nightly, "repos_gone > 0"), "1");
  night(world(kLater));
  EXPECT_NE(value(nightly.database(), kGoneBehindNulls), "0");
}

TEST(Conditional, ATokenMoreTakesNoMoreThanItsShare) {
  const Simulator github(world());
  const Nightly nightly(github.base_url(), simulated_logins(world()));
  ASSERT_EQ(run_with_tokens(nightly, 2).exit_code, 0);
  ASSERT_EQ(run_with_tokens(nightly, 3).exit_code, 0);
  const double kept =
      std::stod(last_run(nightly, "1.0 * users_unchanged / " + std::to_string(kAccounts)));
  EXPECT_GE(kept, 2.0 / 3 - 0.1);  // the shares are random
  ASSERT_EQ(run_with_tokens(nightly, 3).exit_code, 0);
  EXPECT_EQ(last_run(nightly, "users_unchanged"), std::to_string(kAccounts));
}

TEST(Conditional, AUserStaysWithItsToken) {
  Simulator github(world());
  const Nightly nightly(github.base_url(), simulated_logins(world()));
  ASSERT_EQ(run_with_tokens(nightly, 3).exit_code, 0);
  ASSERT_EQ(run_with_tokens(nightly, 3).exit_code, 0);
  EXPECT_EQ(github.report().at("impolite"), 0);
}

TEST(Conditional, APageThatComesBehindAFullOneIsSeen) {
  const TempFolder recorded;
  const auto repositories = [](int count) {
    nlohmann::json all = nlohmann::json::array();
    for (int i = 0; i < count; ++i) {
      const std::string name = "r" + std::to_string(100 + i);
      all.push_back({{"id", 1000 + i},
                     {"name", name},
                     {"full_name", "mona/" + name},
                     {"owner", {{"login", "mona"}, {"id", 7}}}});
    }
    return all.dump();
  };
  Nightly nightly("", {"mona"});
  for (const int count : {10, 11}) {
    recorded.write("mona/1.json", repositories(count));
    const Simulator github({"--recorded", recorded.path().string()});
    nightly.ask(github.base_url());
    const Ended ended = nightly.run({"--set", "provider.per_page=10"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM repos"), std::to_string(count));
  }
  EXPECT_EQ(last_run(nightly, "requests, requests_unchanged, repos_new"), "2|1|1");
}

}  // namespace
}  // namespace repopipe::e2e
