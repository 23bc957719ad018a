// What must hold whichever way the work is done: engines, concurrency and order change nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::IsEmpty;

TEST(Contract, EnginesAndConcurrencyGiveTheSameDatabase) {
  const Simulator github(world());
  const std::vector<std::string> users = users_of(world());
  std::vector<std::string> expected;
  for (const char* engine : {"event_loop", "threads"}) {
    for (const char* concurrency : {"1", "8", "100"}) {
      SCOPED_TRACE(std::string(engine) + " " + concurrency);
      const Nightly nightly(github.base_url(), users);
      const Ended ended = nightly.run({"--set", std::string("fetch.engine=") + engine, "--set",
                                       std::string("fetch.concurrency=") + concurrency});
      ASSERT_EQ(ended.exit_code, 0) << ended.err;
      const std::vector<std::string> got = dump(nightly.database(), Part::effort);
      if (expected.empty()) {
        EXPECT_EQ(query(nightly.database(),
                        "SELECT outcome, count(*), max(repos) FROM run_users "
                        "GROUP BY outcome ORDER BY outcome"),
                  (Rows{{"not_found", "10", "0"}, {"ok", std::to_string(kAccounts), "3000"}}));
        expected = got;
      }
      EXPECT_THAT(difference(got, expected), IsEmpty());
    }
  }
}

TEST(Contract, TheOrderOfTheListChangesNothing) {
  const Simulator github(small_world());
  std::vector<std::string> users = users_of(small_world());
  const std::vector<std::string> forwards = facts_after(github.base_url(), users);
  std::ranges::reverse(users);
  EXPECT_THAT(difference(facts_after(github.base_url(), users), forwards), IsEmpty());
}

TEST(Contract, SmallPagesGiveTheSameRepositories) {
  const Simulator github(world());
  const std::vector<std::string> users = users_of(world());
  const Nightly whole(github.base_url(), users), small(github.base_url(), users);
  ASSERT_EQ(whole.run().exit_code, 0);
  ASSERT_EQ(small.run({"--set", "provider.per_page=7"}).exit_code, 0);
  EXPECT_THAT(difference(dump(small.database(), Part::world), dump(whole.database(), Part::world)),
              IsEmpty());
}

}  // namespace
}  // namespace repopipe::e2e
