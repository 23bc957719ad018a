// An API with failures: retries lead to the database of an undisturbed run.
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

using ::testing::IsEmpty;

TEST(Faults, RetriesLeadToTheSameDatabase) {
  const std::vector<std::string> users = users_of(world());
  const Simulator calm(world());
  const std::vector<std::string> expected = facts_after(calm.base_url(), users);
  for (const char* engine : {"event_loop", "threads"}) {
    SCOPED_TRACE(engine);
    const Simulator troubled(world() +
                             std::vector<std::string>{"--fault-5xx", "10", "--fault-reset", "30"});
    const Nightly nightly(troubled.base_url(), users);
    const Ended ended = nightly.run({"--set", std::string("fetch.engine=") + engine});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(difference(dump(nightly.database(), Part::facts), expected), IsEmpty());
    // A user may be requested again to distinguish an outage from failures of the last users.
    EXPECT_EQ(
        query(nightly.database(),
              "SELECT DISTINCT outcome FROM requests WHERE outcome <> 'unchanged' ORDER BY 1"),
        (Rows{{"not_found"}, {"ok"}, {"server_error"}, {"transport"}}));
    EXPECT_EQ(query(nightly.database(),
                    "SELECT (SELECT count(*) FROM requests WHERE outcome IN "
                    "        ('server_error', 'transport')) > 10,"
                    "       (SELECT max(attempts) > 1 FROM run_users WHERE outcome = 'ok'),"
                    "       (SELECT count(*) FROM requests) = (SELECT requests FROM latest_run),"
                    "       (SELECT sum(requests) FROM run_users) = (SELECT requests FROM "
                    "latest_run)"),
              (Rows{{"1", "1", "1", "1"}}));
  }
}

// Users that always fail, with the reason, from the simulator.
std::map<std::string, std::string> doomed(const std::vector<std::string>& world) {
  Program program{.arguments = {simulator_binary().string()}};
  for (const std::string& option : world) program.arguments.push_back(option);
  program.arguments.emplace_back("--list-doomed");
  std::istringstream lines(run(program).out);
  std::map<std::string, std::string> all;
  for (std::string login, kind; lines >> login >> kind;) all[login] = kind;
  return all;
}

std::string outcome_of(const std::string& doom) {
  if (doom == "404") return "not_found";
  return doom == "451" || doom == "suspended" ? "blocked" : "failed";
}

// Three requests in ten fail in one of thirteen ways, and some users are doomed: the others are
// right to the last row.
TEST(Faults, OfEveryKindHurtOnlyTheDoomed) {
  const std::vector<std::string> faulty =
      small_world() + std::vector<std::string>{"--faults",  "30",   "--doomed", "8", "--odd", "4",
                                               "--trickle", "50ms", "--minute", "1s"};
  const std::vector<std::string> users = simulated_logins(small_world());
  const std::map<std::string, std::string> lost = doomed(faulty);
  ASSERT_GT(lost.size(), 4U);
  const Simulator calm(small_world() + std::vector<std::string>{"--doomed", "8", "--odd", "4"});
  const Nightly undisturbed(calm.base_url(), users);
  ASSERT_EQ(undisturbed.run({"--set", "run.fail_ratio=1"}).exit_code, 0);
  Simulator troubled(faulty);
  const Nightly nightly(troubled.base_url(), users);
  const Ended ended = nightly.run({"--set", "run.fail_ratio=1"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  std::string names = "('";
  for (const auto& [login, doom] : lost) {
    names += login + "','";
    const Rows rows =
        query(nightly.database(),
              "SELECT outcome, error IS NOT NULL FROM run_users WHERE login = '" + login + "'");
    EXPECT_EQ(rows, (Rows{{outcome_of(doom), "1"}})) << login << " " << doom;
  }
  const std::string rows_of_others =
      "SELECT login, outcome, repos FROM run_users WHERE login NOT IN " + names + "') ORDER BY 1";
  EXPECT_EQ(query(nightly.database(), rows_of_others),
            query(undisturbed.database(), rows_of_others));
  const std::string repos_of_others =
      "SELECT r.id, full_name, stargazers_count, description, topics FROM repos r "
      "JOIN users u ON u.id = owner_id WHERE u.login NOT IN " +
      names + "') ORDER BY 1";
  EXPECT_EQ(query(nightly.database(), repos_of_others),
            query(undisturbed.database(), repos_of_others));
  const nlohmann::json report = troubled.report();
  EXPECT_EQ(report.at("impolite"), 0) << report;
}

}  // namespace
}  // namespace repopipe::e2e
