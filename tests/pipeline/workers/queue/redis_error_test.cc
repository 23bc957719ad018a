#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/workers/queue/redis.h"

namespace repopipe {
namespace {

using ::testing::HasSubstr;

constexpr const char* kName = "redis://queue:6379/0";

TEST(RedisError, ThatDoesNotPassEndsWithARemedy) {
  const std::vector<std::pair<const char*, const char*>> errors{
      {"MOVED 7365 10.0.0.2:6379", "single server"},
      {"ASK 7365 10.0.0.2:6379", "single server"},
      {"CROSSSLOT Keys in request don't hash to the same slot", "single server"},
      {"ERR SELECT is not allowed in cluster mode", "single server"},
      {"NOPERM this user has no permissions to run the 'xread' command", "commands"},
      {"NOPERM No permissions to access a key", "keys"},
      {"ERR unknown command 'XAUTOCLAIM', with args beginning with: 'a'", "6.2"},
      {"ERR unknown command `XAUTOCLAIM`", "6.2"},
      {"ERR Unknown subcommand or wrong number of arguments for 'CREATECONSUMER'", "6.2"},
      {"ERR syntax error", "6.2"},
      {"NOAUTH Authentication required.", "password"},
      {"WRONGPASS invalid username-password pair or user is disabled.", "password"},
      {"ERR AUTH <password> called without any password configured", "password"},
      {"DENIED Redis is running in protected mode", "password"},
      {"ERR DB index is out of range", "number of the database"},
      {"WRONGTYPE Operation against a key holding the wrong kind of value", "prefix"}};
  for (const auto& [error, remedy] : errors) {
    const Failure failure = objection_of_redis(kName, error);
    EXPECT_EQ(failure.kind, FailureKind::job) << error;
    EXPECT_THAT(failure.message, HasSubstr(std::string(kName) + ": " + error));
    EXPECT_THAT(failure.message, HasSubstr(remedy)) << error;
    EXPECT_EQ(refusal_of_redis(kName, error).kind, FailureKind::job);
  }
}

TEST(RedisError, ThatMayPassIsOfTheQueue) {
  for (const char* error :
       {"OOM command not allowed when used memory > 'maxmemory'.", "LOADING Redis is loading",
        "BUSY Redis is busy running a script",
        "READONLY You can't write against a read only replica.",
        "MISCONF Redis is configured to save RDB snapshots", "CLUSTERDOWN The cluster is down"}) {
    EXPECT_EQ(objection_of_redis(kName, error).kind, FailureKind::queue) << error;
  }
  EXPECT_EQ(refusal_of_redis(kName, "LOADING Redis is loading").kind, FailureKind::queue);
  EXPECT_EQ(refusal_of_redis(kName, "ERR whatever").kind, FailureKind::job);
}

}  // namespace
}  // namespace repopipe
