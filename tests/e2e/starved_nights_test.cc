// Runs without memory at each allocation in turn, or without a thread.  Each ends with the right
// exit code, and the next run reaches the result of an undisturbed one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "tests/e2e/killed_nights.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string> kSixUsers{"--accounts", "6", "--seed", "30", "--small"};

// From one allocation that fails to the next: in the quick test, and in the long one unless
// REPOPIPE_EVERY_ALLOCATION is set.  The ways begin with different ones, as they share most code.
constexpr int kStep = 293;
constexpr int kLongStep = 5;

struct Way {
  std::string name;
  std::vector<std::string> settings;
  int first_allocation = 1;
  bool is_queue = false;

  friend std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }
};

class StarvedNights : public ::testing::TestWithParam<Way> {
 protected:
  // False: the run came to its end without that lack.
  bool survives(const std::string& lack) {
    SCOPED_TRACE(lack);
    std::vector<std::string> settings = GetParam().settings;
    if (queue) settings.insert(settings.end(), {"--set", "execution.queue=" + queue->redis.url()});
    const Nightly nightly(simulator.base_url(), users);
    const std::filesystem::path struck = nightly.folder() / "struck";
    Program starved = nightly.program(settings);
    starved.arguments[0] = std::filesystem::path(REPOPIPE_BINARY_DIR) / "starved_repopipe";
    starved.environment["REPOPIPE_TEST_LACK"] = lack;
    starved.environment["REPOPIPE_TEST_STRUCK"] = struck;
    const Ended first = run(starved);
    EXPECT_THAT(first.exit_code, AnyOf(0, 70, 71, 73, 74))
        << first.err << " signal " << first.signal;
    EXPECT_EQ(first.exit_code != 0,
              !first.err.empty() && first.err.find("complete") == std::string::npos)
        << first.err;
    if (remains_of(nightly.database()).status != "complete") {
      EXPECT_NE(first.exit_code, 0) << first.err;
      const Ended second = nightly.run(settings);
      EXPECT_EQ(second.exit_code, 0) << second.err;
    }
    EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
    EXPECT_THAT(difference(dump(nightly.database(), Part::facts), expected), IsEmpty());
    return std::filesystem::exists(struck);
  }

  void survives_allocations(int first, int step) {
    int number = first;
    while (!HasFailure() && survives("memory:" + std::to_string(number))) number += step;
    EXPECT_GT(number, 2 * kStep);
  }

  // A worker that lacks nothing.
  struct Queue {
    explicit Queue(const std::string& base_url) : worker({redis.url(), base_url}) {}
    testing::RedisServer redis;
    Worker worker;
  };

  Simulator simulator{kSixUsers};
  std::unique_ptr<Queue> queue =
      GetParam().is_queue ? std::make_unique<Queue>(simulator.base_url()) : nullptr;
  std::vector<std::string> users = simulated_logins(kSixUsers);
  std::vector<std::string> expected = facts_after(simulator.base_url(), users);
};

TEST_P(StarvedNights, WithoutMemoryOnceTheNextRunLeadsToTheSameDatabase) {
  survives_allocations(1, kStep);
}

TEST_P(StarvedNights, WithoutAnyAllocationTheNextRunLeadsToTheSameDatabase) {
  if (std::getenv("REPOPIPE_EVERY_ALLOCATION") != nullptr) return survives_allocations(1, 1);
  survives_allocations(GetParam().first_allocation, kLongStep);
}

TEST_P(StarvedNights, WithoutAnAllocationOfTbbTheNextRunLeadsToTheSameDatabase) {
  int number = 1;
  while (!HasFailure() && survives("tbb:" + std::to_string(number))) ++number;
}

TEST_P(StarvedNights, WithoutAThreadTheNextRunLeadsToTheSameDatabase) {
  int number = 1;
  while (!HasFailure() && survives("thread:" + std::to_string(number))) ++number;
  EXPECT_GT(number, 3);
}

TEST_P(StarvedNights, WithoutMoreThreadsTheNextRunLeadsToTheSameDatabase) {
  int number = 1;
  while (!HasFailure() && survives("threads:" + std::to_string(number))) ++number;
  EXPECT_GT(number, 3);
}

// Each thread of the pool in its turn, and that of the parsers, cannot be started.
TEST(FewerThreads, AreSaidInOneLineAndTheRunGoesOn) {
  if (is_sanitized()) GTEST_SKIP() << "a sanitizer has threads of its own";
  const Simulator simulator{kSixUsers};
  const std::vector<std::string> users = simulated_logins(kSixUsers);
  std::set<std::string> told;
  for (int number = 1; number <= 16; ++number) {
    const Nightly nightly(simulator.base_url(), users);
    Program starved = nightly.program({"--set", "fetch.engine=threads"});
    starved.arguments[0] = std::filesystem::path(REPOPIPE_BINARY_DIR) / "starved_repopipe";
    starved.environment["REPOPIPE_TEST_LACK"] = "thread:" + std::to_string(number);
    const Ended ended = run(starved);
    const std::string warning = ended.err.substr(0, ended.err.find('\n'));
    if (ended.exit_code != 0 || warning.find("warning: ") == warning.npos) continue;
    EXPECT_THAT(warning, HasSubstr("see ulimit -u and ulimit -v, or TasksMax of the service"));
    EXPECT_THAT(ended.err, HasSubstr("nightly: complete")) << "and nothing else is wrong";
    told.insert(warning.substr(0, warning.find(": ", warning.find("warning: ") + 9)));
  }
  for (int threads = 1; threads < 8; ++threads) {
    EXPECT_THAT(told, Contains(HasSubstr("fetch.concurrency is reduced from 8 to " +
                                         std::to_string(threads))));
  }
  if (std::thread::hardware_concurrency() == 1) return;
  EXPECT_THAT(told, Contains(HasSubstr("pages are parsed on ")));
}

INSTANTIATE_TEST_SUITE_P(Ways, StarvedNights,
                         ::testing::Values(Way{"event_loop", {}},
                                           Way{"threads", {"--set", "fetch.engine=threads"}, 2},
                                           Way{"processes", {"--set", "execution.processes=2"}, 3},
                                           Way{"queue", {}, 4, true}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace repopipe::e2e
