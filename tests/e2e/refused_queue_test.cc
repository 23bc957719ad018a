// A Redis that can never serve as a queue: the run and the worker say why and end with 78, at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::RedisServer;
using ::testing::HasSubstr;

// What a user of the server may do, beside everything that is not named.
struct Rights {
  std::string name;
  Words words;
  bool worker_ends_too;

  friend std::ostream& operator<<(std::ostream& out, const Rights& rights) {
    return out << rights.name;
  }
};

class RefusedQueue : public ::testing::TestWithParam<Rights> {};

TEST_P(RefusedQueue, EndsTheRunAtOnceWithTheCause) {
  const RedisServer redis;
  Words acl{"ACL", "SETUSER", "w", "on", ">pw"};
  acl.insert(acl.end(), GetParam().words.begin(), GetParam().words.end());
  EXPECT_EQ(redis.ask_one({acl.begin(), acl.end()}), "OK");
  std::string url = redis.url();
  url.insert(url.find("://") + 3, "w:pw@");
  GatedApi api{1'000'000};
  const Nightly nightly(api.base_url(), {"octocat", "hubot", "torvalds"});
  Worker worker({url, api.base_url()});
  QueueRun run(nightly, url);
  EXPECT_EQ(run.exit_code(), 78) << run.said();
  EXPECT_THAT(run.said(), HasSubstr("NOPERM"));
  EXPECT_THAT(run.said(), HasSubstr("give the user"));
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users"), "0");
  if (!GetParam().worker_ends_too) return;
  EXPECT_EQ(worker.process().wait().exit_code, 78);
  EXPECT_THAT(worker.said(), HasSubstr("NOPERM"));
}

INSTANTIATE_TEST_SUITE_P(
    Rights, RefusedQueue,
    ::testing::Values(Rights{"other_keys", {"~other:*", "+@all"}, true},
                      Rights{"no_blocking", {"~repopipe:*", "+@all", "-@blocking"}, false},
                      Rights{"no_streams", {"~repopipe:*", "+@all", "-@stream"}, true},
                      Rights{"no_claims", {"~repopipe:*", "+@all", "-xautoclaim"}, false},
                      Rights{"only_reads", {"~repopipe:*", "+@read"}, false}),
    [](const auto& info) { return info.param.name; });

// A worker that cannot reach the API leaves its tasks to others; no user loses an attempt.
TEST(BadWorker, IsNamedOnceAndCostsNoUserAnAttempt) {
  const RedisServer redis;
  GatedApi api{1'000'000};
  std::vector<std::string> users;
  for (int i = 0; i < 200; ++i) users.push_back("user-" + std::to_string(i));
  const Nightly nightly(api.base_url(), users);
  Worker bad({.queue = redis.url(),
              .base_url = api.base_url(),
              .environment = {{"http_proxy", "http://127.0.0.1:1"}}});
  Worker good({redis.url(), api.base_url()});
  bad.wait_until_it_says("waits for runs");
  good.wait_until_it_says("waits for runs");
  QueueRun run(nightly, redis.url());
  EXPECT_EQ(run.exit_code(), 0) << run.said();
  EXPECT_EQ(query(nightly.database(), "SELECT status, users_ok FROM runs"),
            (Rows{{"complete", "200"}}));
  // The first failures of the bad worker may come before any other result.
  EXPECT_LE(std::stoi(value(nightly.database(), "SELECT max(attempts) FROM run_users")), 2);
}

}  // namespace
}  // namespace repopipe::e2e
