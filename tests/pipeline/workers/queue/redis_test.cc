#include "pipeline/workers/queue/redis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::RedisServer;
using ::testing::StartsWith;

Redis connected(const QueueAddress& address) {
  auto redis = Redis::connect(address);
  if (!redis) throw std::runtime_error(redis.error().message);
  return std::move(*redis);
}

Failure failure_of(const QueueAddress& address) {
  const auto redis = Redis::connect(address);
  return redis ? Failure{FailureKind::internal, "it connects"} : redis.error();
}

TEST(Redis, AnswersWithTextsNumbersAndLists) {
  const RedisServer server;
  Redis redis = connected(address_of(server));
  const auto text = redis.ask({"ECHO", std::string_view("a\0b", 3)});
  EXPECT_EQ(text->value().text(), std::string_view("a\0b", 3));
  EXPECT_EQ(redis.ask({"INCR", "n"})->value().number(), 1);
  EXPECT_EQ(redis.ask({"GET", "n"})->value().number_in_text(), 1U);
  EXPECT_TRUE(redis.ask({"GET", "nothing"})->value().is_nil());
  server.ask({"HSET", "h", "one", "1", "two", "2"});
  const auto all = redis.ask({"HGETALL", "h"});
  EXPECT_EQ(all->value().size(), 4U);
  EXPECT_EQ(all->value().member("two").text(), "2");
  EXPECT_TRUE(all->value().member("three").is_nil());
  EXPECT_TRUE(all->value()[4].is_nil());
  EXPECT_TRUE(all->value()[0][0].is_nil());
}

TEST(Redis, ReportsAnErrorOfTheServerAndContinues) {
  const RedisServer server;
  Redis redis = connected(address_of(server));
  const auto replies = redis.ask_all({{"SET", "text", "x"}, {"INCR", "text"}, {"GET", "text"}});
  ASSERT_EQ(replies->size(), 3U);
  EXPECT_FALSE((*replies)[0].value().is_error());
  EXPECT_TRUE((*replies)[1].value().is_error());
  EXPECT_THAT((*replies)[1].value().text(), StartsWith("ERR value is not an integer"));
  EXPECT_EQ((*replies)[2].value().text(), "x");
}

TEST(Redis, UsesTheDatabaseOfTheAddress) {
  const RedisServer server;
  EXPECT_TRUE(connected(address_of(server, "/3")).ask({"SET", "here", "x"}));
  EXPECT_TRUE(connected(address_of(server, "/0")).ask({"GET", "here"})->value().is_nil());
  EXPECT_EQ(connected(address_of(server, "/3")).ask({"GET", "here"})->value().text(), "x");
}

TEST(Redis, RefusesADatabaseThatIsNotThere) {
  const RedisServer server;
  EXPECT_EQ(failure_of(address_of(server, "/99")),
            (Failure{FailureKind::job,
                     server.url("/99") +
                         ": ERR DB index is out of range; correct the number of the database in "
                         "the address"}));
}

TEST(Redis, AsksForThePasswordOfTheAddress) {
  const RedisServer server({"--requirepass", "geheim"});
  QueueAddress address = address_of(server);
  EXPECT_EQ(failure_of(address).kind, FailureKind::job);
  EXPECT_THAT(failure_of(address).message, HasSubstr("NOAUTH"));
  address.password = "falsch";
  EXPECT_EQ(failure_of(address).kind, FailureKind::job);
  EXPECT_THAT(failure_of(address).message, HasSubstr("WRONGPASS"));
  EXPECT_THAT(failure_of(address).message, Not(HasSubstr("falsch")));
  address.password = "geheim";
  EXPECT_EQ(connected(address).ask({"PING"})->value().text(), "PONG");
  address.user = "default";
  EXPECT_EQ(connected(address).ask({"PING"})->value().text(), "PONG");
  address.user = "nobody";
  EXPECT_EQ(failure_of(address).kind, FailureKind::job);
}

TEST(Redis, IsAMatterOfTheQueueWhenItIsNotThere) {
  RedisServer server;
  const QueueAddress address = address_of(server);
  Redis redis = connected(address);
  server.kill();
  EXPECT_EQ(failure_of(address),
            (Failure{FailureKind::queue, server.url() + ": Connection refused"}));
  const auto reply = redis.ask({"PING"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, FailureKind::queue);
  EXPECT_THAT(reply.error().message, StartsWith(server.url() + ": "));
  server.start();
  EXPECT_FALSE(redis.ask({"PING"})) << "a broken connection stays broken";
  EXPECT_EQ(connected(address).ask({"PING"})->value().text(), "PONG");
}

TEST(Redis, IsAMatterOfTheQueueWhenItIsFull) {
  const RedisServer server({"--maxclients", "1"});
  const QueueAddress address = address_of(server);
  ASSERT_TRUE(eventually([&] { return Redis::connect(address).has_value(); }));
  const Redis only = [&] {
    std::optional<Redis> redis;
    eventually([&] {
      auto one = Redis::connect(address);
      if (one) redis.emplace(std::move(*one));
      return redis.has_value();
    });
    return std::move(redis.value());
  }();
  EXPECT_EQ(failure_of(address).kind, FailureKind::queue) << failure_of(address).message;
}

TEST(Redis, IsAMatterOfTheQueueWhenAConnectionIsCut) {
  const RedisServer server;
  Redis redis = connected(address_of(server));
  server.ask({"CLIENT", "KILL", "TYPE", "normal"});
  const auto reply = redis.ask({"PING"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, FailureKind::queue);
}

TEST(Redis, NamesAHostThatIsNone) {
  QueueAddress address;
  address.host = "no-such-host.invalid";
  EXPECT_EQ(failure_of(address).kind, FailureKind::queue);
  EXPECT_THAT(failure_of(address).message, StartsWith("redis://no-such-host.invalid:6379/0: "));
}

}  // namespace
}  // namespace repopipe
