// An API in trouble: retries make the database that an undisturbed run makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
                             std::vector<std::string>{"--fault-5xx", "10", "--fault-reset", "10"});
    const Nightly nightly(troubled.base_url(), users);
    const Ended ended = nightly.run({"--set", std::string("fetch.engine=") + engine});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(difference(dump(nightly.database(), Part::facts), expected), IsEmpty());
    EXPECT_EQ(query(nightly.database(), "SELECT DISTINCT outcome FROM requests ORDER BY 1"),
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

}  // namespace
}  // namespace repopipe::e2e
