#include <gtest/gtest.h>

#include "pipeline/workers/queue/claimed_tasks.h"
#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

struct OneShare : ::testing::Test {
  OneShare() {
    redis.ask({"XGROUP", "CREATE", keys.tasks, kWorkersGroup, "0", "MKSTREAM"});
    join(kRunItself);
  }
  void join(const std::string& worker) const {
    redis.ask({"XGROUP", "CREATECONSUMER", keys.tasks, kWorkersGroup, worker});
  }
  ConcurrencyShare share_of(const std::string& worker, std::size_t exchanges) const {
    return {keys, worker, exchanges};
  }
  std::optional<std::size_t> first_look(ConcurrencyShare share) {
    return share.look(connection, Time(1h));
  }

  testing::RedisServer redis;
  Redis connection = std::move(*Redis::connect(address_of(redis)));
  const QueueKeys keys{"repopipe", "run"};
};

TEST_F(OneShare, IsEverythingForTheOnlyWorker) {
  EXPECT_EQ(first_look(share_of("a", 7)), 7U);
  join("a");
  EXPECT_EQ(first_look(share_of("a", 7)), 7U);
}

TEST_F(OneShare, IsEverythingTogetherWithThoseOfTheOthers) {
  for (const char* worker : {"a", "b", "c"}) join(worker);
  EXPECT_EQ(first_look(share_of("a", 7)), 3U);
  EXPECT_EQ(first_look(share_of("b", 7)), 2U);
  EXPECT_EQ(first_look(share_of("c", 7)), 2U);
}

TEST_F(OneShare, IsOneAtLeast) {
  for (const char* worker : {"a", "b", "c"}) join(worker);
  EXPECT_EQ(first_look(share_of("c", 2)), 1U);
}

TEST_F(OneShare, IsLookedAtOnceASecond) {
  ConcurrencyShare share = share_of("a", 4);
  EXPECT_EQ(share.look(connection, Time(1h)), 4U);
  join("b");
  EXPECT_EQ(share.look(connection, Time(1h + 999ms)), std::nullopt);
  EXPECT_EQ(share.look(connection, Time(1h + 1s)), 2U);
}

TEST_F(OneShare, IsUnknownWhenRedisFails) {
  redis.ask({"DEL", keys.tasks});
  EXPECT_EQ(first_look(share_of("a", 4)), std::nullopt);
  redis.kill();
  EXPECT_EQ(first_look(share_of("a", 4)), std::nullopt);
}

}  // namespace
}  // namespace repopipe
