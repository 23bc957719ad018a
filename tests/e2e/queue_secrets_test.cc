// Tokens are not in Redis or in a worker's children, and the password nowhere; several jobs share a
// Redis.
#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::RedisServer;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> users_named(const std::string& name) {
  std::vector<std::string> users;
  for (int i = 0; i < 30; ++i) users.push_back(name + "-" + std::to_string(i));
  return users;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> all;
  const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::istringstream words(read_file(task.path() / "children"));
    for (pid_t child = 0; words >> child;) all.push_back(child);
  }
  return all;
}

std::string seen_of(pid_t pid) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  return read_file(process / "cmdline") + read_file(process / "environ");
}

TEST(QueueSecrets, StayWithTheRunAndItsWorkers) {
  const std::string kToken = "ghp_0123456789secret";
  const std::string kPassword = "ge/heim";
  const RedisServer redis({"--requirepass", kPassword});
  GatedApi api(4);
  const Nightly nightly(api.base_url(), users_named("user"));
  const std::string address = "redis://:ge%2Fheim@127.0.0.1:" + std::to_string(redis.port()) + "/0";
  const std::string kUnused = "ghp_9876543210secret";  // by this run
  const std::map<std::string, std::string> variables{
      {"TOKEN", kToken}, {"OTHER", kUnused}, {"REDIS", address}};
  Worker worker(
      {"env:REDIS", api.base_url(), {"--token", "env:TOKEN", "--token", "env:OTHER"}, variables});
  QueueRun run(nightly, "env:REDIS", {"--set", "provider.tokens=['env:TOKEN']"}, variables);
  api.wait_until_held(2);
  const std::string held = everything_on(redis);
  EXPECT_THAT(held, HasSubstr("/users/user-")) << "tasks are there";
  EXPECT_THAT(held, Not(HasSubstr(kToken)));
  const auto children = children_of(worker.process().pid());
  ASSERT_EQ(children.size(), 1U);
  EXPECT_THAT(seen_of(children[0]), HasSubstr("--socket"));
  for (const std::string& secret : {kToken, kUnused, std::string("ge%2Fheim")}) {
    EXPECT_THAT(seen_of(children[0]), Not(HasSubstr(secret)));
  }
  api.open();
  EXPECT_EQ(run.exit_code(), 0) << run.said();
  EXPECT_EQ(redis.keys(), 0);
  worker.wait_until_it_says("has left");
  const std::string left = run.said() + worker.said() + read_file(nightly.database());
  for (const std::string& secret : {kToken, kPassword, std::string("ge%2Fheim")}) {
    EXPECT_THAT(left, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(worker.said(), HasSubstr(redis.url()));
}

TEST(QueueSecrets, AreNotToldWhenThePasswordIsWrong) {
  const RedisServer redis({"--requirepass", "geheim"});
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const std::string port = std::to_string(redis.port());
  const std::map<std::string, std::string> variables{
      {"REDIS", "redis://:falsch@127.0.0.1:" + port}};
  Worker worker({"env:REDIS", "http://127.0.0.1:9", {}, variables});
  EXPECT_EQ(worker.process().wait().exit_code, 78);
  QueueRun run(nightly, "env:REDIS", {}, variables);
  EXPECT_EQ(run.exit_code(), 78);
  for (const std::string& said : {worker.said(), run.said()}) {
    EXPECT_THAT(said, HasSubstr("redis://127.0.0.1:" + port + "/0: WRONGPASS"));
    EXPECT_THAT(said, Not(HasSubstr("falsch")));
  }
}

// Two with the same prefix share a worker; a third has its own prefix, database and worker.
TEST(QueueShared, SeveralJobsDoNotTouchEachOther) {
  const RedisServer redis;
  GatedApi api(0);
  redis.ask({"SET", "something", "else"});
  const Nightly one(api.base_url(), users_named("one")), two(api.base_url(), users_named("two")),
      three(api.base_url(), users_named("three")), four(api.base_url(), users_named("four"));
  const std::string team = redis.url("/0?prefix=team:x"), other = redis.url("/5");
  Worker shared({redis.url(), api.base_url()}), of_team({team, api.base_url()}),
      of_other({other, api.base_url()});
  QueueRun first(one, redis.url()), second(two, redis.url()), third(three, team),
      fourth(four, other);
  api.wait_until_held(4 * 8);
  api.open();
  for (QueueRun* run : {&first, &second, &third, &fourth}) {
    EXPECT_EQ(run->exit_code(), 0) << run->said();
  }
  EXPECT_EQ(redis.keys(), 1);
  for (const Nightly* nightly : {&one, &two, &three, &four}) {
    EXPECT_EQ(value(nightly->database(), "SELECT users_ok FROM runs"), "30");
  }
  for (const auto& [login, times] : api.asked()) EXPECT_EQ(times, 1) << login;
  EXPECT_EQ(api.asked().size(), 120U);
  shared.wait_until_it_says("has left nightly: 30 requests answered");
  of_team.wait_until_it_says("has left nightly: 30 requests answered");
  of_other.wait_until_it_says("has left nightly: 30 requests answered");
}

}  // namespace
}  // namespace repopipe::e2e
