// Nights of a server of Gitea: all ways of running come to the same rows, and what a server hides
// is never taken for gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/redis_server.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::RedisServer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> gitea_world(int day, const std::vector<std::string>& more = {}) {
  const std::vector<std::string> world{"--accounts", "96",    "--seed",           "5",
                                       "--gitea",    "--day", std::to_string(day)};
  return world + more;
}

std::vector<std::string> gitea(const std::vector<std::string>& more = {}) {
  const std::vector<std::string> words{"--set", "provider.kind=gitea", "--set", "run.fail_ratio=1",
                                       "--set", "run.max_vanished=1"};
  return words + more;
}

std::string api_of(const Simulator& server) {
  return server.base_url() + "/api/v1";
}

void night(Nightly& nightly, const Simulator& server, const std::vector<std::string>& more = {}) {
  nightly.ask(api_of(server));
  const Ended ended = nightly.run(gitea(more));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
}

std::vector<std::string> accounts() {
  return simulated_logins({"--accounts", "96", "--seed", "5"});
}

struct GiteaWay {
  const char* name;
  std::vector<std::string> settings;

  friend std::ostream& operator<<(std::ostream& out, const GiteaWay& way) {
    return out << way.name;
  }
};

class GiteaWays : public ::testing::TestWithParam<GiteaWay> {};

TEST_P(GiteaWays, ComeToTheSameRows) {
  const Simulator server(gitea_world(0, {"--hide"}));
  Nightly calm("", accounts()), nightly("", accounts());
  ASSERT_NO_FATAL_FAILURE(night(calm, server));
  std::vector<std::string> words = GetParam().settings;
  std::optional<RedisServer> redis;
  std::optional<Worker> worker;
  if (std::string_view(GetParam().name) == "queue") {
    redis.emplace();
    words.insert(words.end(), {"--set", "execution.queue=" + redis->url()});
    worker.emplace(Worker::Options{redis->url(), api_of(server)});
  }
  ASSERT_NO_FATAL_FAILURE(night(nightly, server, words));
  EXPECT_THAT(difference(dump(nightly.database(), Part::facts), dump(calm.database(), Part::facts)),
              IsEmpty());
  EXPECT_NE(value(nightly.database(), "SELECT count(*) FROM repos"), "0");
}

INSTANTIATE_TEST_SUITE_P(All, GiteaWays,
                         ::testing::Values(GiteaWay{"threads", {"--set", "fetch.engine=threads"}},
                                           GiteaWay{"processes",
                                                    {"--set", "execution.processes=2"}},
                                           GiteaWay{"queue", {}}),
                         [](const auto& way) { return std::string(way.param.name); });

TEST(GiteaNights, TakeNothingForGoneThatIsHidden) {
  Nightly nightly("", accounts());
  ASSERT_NO_FATAL_FAILURE(night(nightly, Simulator(gitea_world(0))));
  const auto& database = nightly.database();
  EXPECT_EQ(value(database, "SELECT count(*) FROM run_users WHERE outcome <> 'ok'"), "0");
  const std::string all = value(database, "SELECT count(*) FROM repos");

  ASSERT_NO_FATAL_FAILURE(night(nightly, Simulator(gitea_world(0, {"--hide"}))));
  EXPECT_EQ(value(database, "SELECT count(*) FROM repos WHERE gone_since IS NULL"), all);
  EXPECT_NE(value(database,
                  "SELECT count(*) FROM run_users WHERE run_id = 2 AND outcome = "
                  "'blocked' AND error LIKE '%nothing is visible%'"),
            "0");

  // Vanished repositories are marked when the whole list is seen again.
  const Simulator later(gitea_world(9));
  ASSERT_NO_FATAL_FAILURE(night(nightly, later));
  ASSERT_NO_FATAL_FAILURE(night(nightly, later));  // accepts a list that is empty again
  Nightly fresh("", accounts());
  ASSERT_NO_FATAL_FAILURE(night(fresh, later));
  const std::string present =
      "SELECT id, full_name, stargazers_count, updated_at FROM repos "
      "WHERE gone_since IS NULL ORDER BY id";
  EXPECT_EQ(query(database, present), query(fresh.database(), present));
  EXPECT_NE(value(database, "SELECT count(*) FROM repos WHERE gone_since IS NOT NULL"), "0");
}

TEST(GiteaNights, KeepTimesAsUtc) {
  Nightly nightly("", accounts());
  ASSERT_NO_FATAL_FAILURE(night(nightly, Simulator(gitea_world(0))));
  EXPECT_EQ(value(nightly.database(),
                  "SELECT count(*) FROM repos WHERE created_at NOT GLOB "
                  "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'"
                  " OR archived_at IS NOT NULL"),
            "0");
}

TEST(GiteaNights, FollowARenamedAccount) {
  const std::vector<std::string> renames{"--renamed-users", "20"};
  Nightly nightly("", accounts());
  ASSERT_NO_FATAL_FAILURE(night(nightly, Simulator(gitea_world(0, renames))));
  ASSERT_NO_FATAL_FAILURE(night(nightly, Simulator(gitea_world(1, renames))));
  EXPECT_NE(value(nightly.database(),
                  "SELECT count(*) FROM run_users WHERE run_id = 2 AND outcome = 'renamed'"),
            "0");
}

// Servers up to 1.19 ignore a wrong token, so its owner is requested.
TEST(GiteaNights, EndWhenTheOnlyTokenIsWrong) {
  Simulator server(gitea_world(0, {"--bad-token", "wrong-token-of-40"}));
  Nightly nightly("", accounts());
  nightly.ask(api_of(server));
  Program program = nightly.program(gitea({"--set", "provider.tokens=[\"env:BAD\"]"}));
  program.environment["BAD"] = "wrong-token-of-40";
  const Ended ended = run(program);
  EXPECT_EQ(ended.exit_code, 77) << ended.err;
  EXPECT_THAT(ended.err, Not(HasSubstr("wrong-token-of-40")));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(GiteaJobs, NameTheirServer) {
  const Nightly nightly("", {"a"});
  nightly.folder().write("nightly.yaml", "source: {usernames: [a.b]}\nprovider:\n  kind: gitea\n");
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(ended.err,
              HasSubstr("nightly.yaml:3:9: provider.base_url is missing: gitea has no default "
                        "address; write the address of the server's API, as in base_url: "
                        "https://codeberg.org/api/v1"));
}

TEST(GiteaJobs, AskForNoMoreThanAServerSends) {
  const Nightly nightly("", {"a"});
  nightly.folder().write("nightly.yaml",
                         "source: {usernames: [a]}\nprovider: {kind: gitea, base_url: "
                         "'http://127.0.0.1:9/api/v1',\n  per_page: 51}\n");
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(ended.err, HasSubstr("nightly.yaml:3:13: provider.per_page is 51: expected a whole "
                                   "number from 1 to 50 for gitea"));
}

TEST(GiteaJobs, HaveADatabaseOfTheirOwn) {
  const Simulator server(gitea_world(0));
  Nightly nightly("", {"nobody-at-all"});
  nightly.ask(api_of(server));
  EXPECT_EQ(nightly.run(gitea({"--set", "fetch.backoff=0ms"})).exit_code, 65);
  const Ended other = nightly.run();
  EXPECT_EQ(other.exit_code, 78) << other.err;
  EXPECT_THAT(other.err, HasSubstr("name another store.database"));
}

}  // namespace
}  // namespace repopipe::e2e
