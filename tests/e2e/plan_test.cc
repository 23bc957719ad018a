// `repopipe plan` against what the run then does, and without changing anything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using Json = nlohmann::json;
using Options = std::vector<std::string>;
using ::testing::AllOf;
using ::testing::HasSubstr;

Program plan_program(const Nightly& nightly, Options arguments) {
  Program program = nightly.program(std::move(arguments));
  program.arguments[1] = "plan";
  program.environment["TOKEN"] = "ghp_0123456789012345678901234567890123456789";
  return program;
}

Ended plan(const Nightly& nightly, Options arguments = {}) {
  return run(plan_program(nightly, std::move(arguments)));
}

Json plan_json(const Nightly& nightly, Options arguments = {}) {
  arguments.emplace_back("--json");
  const Ended ended = plan(nightly, std::move(arguments));
  return ended.out.empty() ? Json() : Json::parse(ended.out);
}

double number(const Json& json, const char* key) {
  return json.at(key).get<double>();
}

// A job with a token; each night has an API of its own.  The world does not change, because the
// changes of so small a world differ much from night to night.
struct PlanOfNights : ::testing::Test {
  // Predicts the night, and runs it.
  std::pair<Json, Json> night(int day, const Options& more = {}) {
    const Simulator github(kWorld + Options{"--day", std::to_string(day)});
    nightly.ask(github.base_url());
    Options arguments{"--set", "provider.tokens=['env:TOKEN']", "--accept-host"};
    Json told = plan_json(nightly, arguments + more);
    Program program = plan_program(nightly, arguments + Options{"--summary", "json"} + more);
    program.arguments[1] = "run";
    return {told, Json::parse(run(program).out)};
  }

  const Options kWorld{"--accounts", "240", "--seed", "3", "--small", "--renamed-users", "4"};
  const Options users = simulated_logins({"--accounts", "240", "--seed", "3", "--small"});
  Nightly nightly{"http://127.0.0.1:9", Options(users.begin(), users.begin() + 180)};
};

TEST_F(PlanOfNights, IsCloseToTheNight) {
  const auto [cold, first] = night(1);
  EXPECT_GE(number(cold, "requests"), 180);
  EXPECT_NEAR(number(cold, "requests"), number(first, "requests"),
              0.25 * number(first, "requests"));
  EXPECT_EQ(cold["points"], cold["requests"]);
  night(1);
  night(1);
  const auto near = [](const auto& both, const char* what) {
    const auto& [told, ran] = both;
    const double requests = number(ran, "requests");
    const double points = requests - number(ran, "not_modified");
    EXPECT_NEAR(number(told, "requests"), requests, 0.02 * requests) << what;
    EXPECT_NEAR(number(told, "points"), points, 0.05 * points) << what;
  };
  const auto warm = night(1);
  near(warm, "warm");
  EXPECT_EQ(warm.first["users"]["unknown"], 0);
  EXPECT_EQ(warm.first["finished_runs"], 3);
  nightly.list(users);
  const auto mixed = night(1);
  near(mixed, "mixed");
  EXPECT_EQ(mixed.first["users"]["unknown"], 60);
}

// The figures of the only night give its time, however fast this machine is.
TEST(Plan, TakesItsTimeFromTheLastNights) {
  Simulator github(small_world() + Options{"--latency", "2ms"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  ASSERT_EQ(nightly.run().exit_code, 0);
  const double wall = std::stod(value(nightly.database(), "SELECT wall_ms / 1000 FROM runs"));
  const Json told = plan_json(nightly);
  EXPECT_NEAR(number(told, "time_s"), wall, 0.1 * wall);
  EXPECT_EQ(told["limited_by"], "concurrency");
  EXPECT_EQ(told["requests"], 120);
}

// 120 requests, 50 a minute, and the last minute has seen 120.
TEST(Plan, CountsTheLimitOfAMinute) {
  Simulator github(small_world());
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  ASSERT_EQ(nightly.run().exit_code, 0);
  const Json told = plan_json(nightly, {"--set", "limits.requests_per_minute=50"});
  EXPECT_EQ(told["limited_by"], "requests_per_minute");
  EXPECT_GT(number(told, "time_s"), 120);
  EXPECT_LT(number(told, "time_s"), 200);
  EXPECT_EQ(told["fits"], true);
  const Ended late =
      plan(nightly, {"--set", "limits.requests_per_minute=50", "--set", "run.deadline=90s"});
  EXPECT_EQ(late.exit_code, 75);
  EXPECT_THAT(late.out, AllOf(HasSubstr("  fits     no: it takes about "),
                              HasSubstr("  do       raise limits.requests_per_minute")));
}

TEST(Plan, AgreesWithTheRunAboutAQuotaThatIsUsedUp) {
  Simulator github(small_world() + Options{"--quota", "50"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Options brief{"--set", "run.max_wait=10m"};
  ASSERT_EQ(nightly.run(brief).exit_code, 75);
  const Ended no = plan(nightly, brief);
  EXPECT_EQ(no.exit_code, 75) << no.err;
  EXPECT_THAT(no.out, AllOf(HasSubstr("  resume   run 1 of "),
                            HasSubstr("  quota    87 points: 0 of 50 left"),
                            HasSubstr("run.max_wait allows 10 min")));
  EXPECT_EQ(nightly.run(brief).exit_code, 75);
  const Json told = plan_json(nightly);
  EXPECT_EQ(told["fits"], true) << told;
  EXPECT_EQ(told["users"]["done"], 50);
  EXPECT_EQ(told["requests"], 87);  // 70 unknown users
  EXPECT_EQ(told["limited_by"], "quota");
  EXPECT_GT(number(told, "time_s"), 3600);
  EXPECT_LT(number(told, "time_s"), 7300);
  EXPECT_EQ(plan_json(nightly, {"--fresh"})["requests"], 137);
}

// The first night reads the lists of members, so the second one knows their users.
TEST(Plan, CountsTheUsersOfLists) {
  const Options members{"--accounts", "300", "--small"};
  Simulator github(members);
  const Nightly nightly(github.base_url(),
                        {"members:UrbanOtterHq26", "members:NoblePandaIo18", "humble-yonder-16"});
  const Json first = plan_json(nightly);
  EXPECT_EQ(first["lists"], (Json{{"left", 2}, {"unknown", 2}}));
  EXPECT_EQ(first["users"]["left"], 1);
  ASSERT_EQ(nightly.run().exit_code, 0);
  const Json told = plan_json(nightly);
  EXPECT_EQ(told["lists"], (Json{{"left", 2}, {"unknown", 0}}));
  const Json ran = Json::parse(nightly.run({"--summary", "json"}).out);
  EXPECT_EQ(told["requests"], ran["requests"]);
  EXPECT_EQ(told["users"]["left"], ran["users"]["total"]);
}

// Without ETags the last run tells the pages, and without a quota nothing costs points.
TEST(Plan, CountsThePagesOfGitea) {
  Simulator gitea(small_world() + Options{"--gitea"});
  const Nightly nightly(gitea.base_url() + "/api/v1", simulated_logins(small_world()));
  const Options kind{"--set", "provider.kind=gitea", "--set", "provider.per_page=2"};
  ASSERT_EQ(nightly.run(kind).exit_code, 0);
  const Json told = plan_json(nightly, kind);
  const Json ran = Json::parse(nightly.run(kind + Options{"--summary", "json"}).out);
  EXPECT_EQ(told["requests"], ran["requests"]);
  EXPECT_EQ(told["conditional"], 0);
  EXPECT_EQ(told["points"], 0);
  EXPECT_THAT(plan(nightly, kind).out, HasSubstr("  quota    the API has none\n"));
}

struct PlanOfAFewUsers : ::testing::Test {
  GatedApi api{1000};
  Nightly nightly{api.base_url(), {"octocat", "hubot"}};
};

TEST_F(PlanOfAFewUsers, SendsAndCreatesNothing) {
  const Ended ended = plan(nightly);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, AllOf(HasSubstr("would list 2 users from"), HasSubstr("  requests 2\n"),
                               HasSubstr("  fits     yes\n")));
  EXPECT_EQ(nightly.run({"--dry-run"}).err.substr(0, 60), ended.out.substr(0, 60));
  const Ended json = nightly.run({"--dry-run", "--summary", "json"});
  EXPECT_EQ(Json::parse(json.out)["requests"], 2);
  EXPECT_EQ(json.err, "");
  EXPECT_FALSE(std::filesystem::exists(nightly.database()));
  EXPECT_TRUE(api.asked().empty());
}

TEST_F(PlanOfAFewUsers, WorksDuringARun) {
  api.hold();
  Process running{nightly.program()};
  api.wait_until_held(2);
  const Ended ended = plan(nightly);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out, HasSubstr("uses the database now"));
  api.open();
  EXPECT_EQ(running.wait().exit_code, 0);
}

TEST_F(PlanOfAFewUsers, ReadsAListFromStandardInput) {
  Program program = plan_program(nightly, {"--set", "source.usernames_file='-'", "--json"});
  program.input = "one\ntwo\nthree\n";
  EXPECT_EQ(Json::parse(run(program).out)["users"]["left"], 3);
}

TEST_F(PlanOfAFewUsers, RefusesWhatARunRefuses) {
  const Ended bad = plan(nightly, {"--set", "run.deadline=soon"});
  EXPECT_EQ(bad.exit_code, 78);
  EXPECT_THAT(bad.err, HasSubstr("run.deadline"));
  EXPECT_EQ(bad.out, "");
  EXPECT_EQ(plan(nightly, {"--set", "nonsense"}).exit_code, 64);
  nightly.folder().write("repos.db", "this is no database, but long enough to be read as one");
  EXPECT_EQ(plan(nightly).exit_code, 73);
  std::filesystem::remove(nightly.database());
  ASSERT_EQ(nightly.run().exit_code, 0);
  execute(nightly.database(), "UPDATE runs SET host = 'api.github.com'");
  EXPECT_EQ(plan(nightly).exit_code, 78);
  EXPECT_EQ(plan(nightly, {"--accept-host"}).exit_code, 0);
  execute(nightly.database(), "PRAGMA user_version = 5");
  const Ended older = plan(nightly);
  EXPECT_EQ(older.exit_code, 0);
  EXPECT_THAT(older.out, HasSubstr("the database has schema version 5"));
  execute(nightly.database(), "PRAGMA user_version = 999");
  EXPECT_EQ(plan(nightly).exit_code, 73);
}

}  // namespace
}  // namespace repopipe::e2e
