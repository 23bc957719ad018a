// Accounts that change their login: `users`, `user_renames` and `renamed_users`.
#include "storage/store/accounts.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kRenames =
    "SELECT user_id, run_id, old_login, new_login, substr(changed_at, 9, 2) FROM user_renames";

class AccountsTest : public StoreTest {};

TEST_F(AccountsTest, RecordTheTimeOfALoginChange) {
  run(0, {listing({10, "anna"}, on_day(0), {{1, "a"}})});
  run(1, {listing({10, "ANNA"}, on_day(1), {{1, "a"}})});
  EXPECT_THAT(query(kRenames), IsEmpty());
  run(2, {listing({10, "berta"}, on_day(2), {{1, "a"}})});
  run(3, {listing({10, "carla"}, on_day(3), {{1, "a"}})});
  EXPECT_THAT(query(kRenames), ElementsAre("10|3|ANNA|berta|03", "10|4|berta|carla|04"));
  EXPECT_THAT(query("SELECT * FROM renamed_users"),
              ElementsAre("10|2026-11-04T00:00:00.000Z|berta|carla|carla|4",
                          "10|2026-11-03T00:00:00.000Z|ANNA|berta|carla|3"));
}

TEST_F(AccountsTest, AreTheSameInEveryOrderOfARun) {
  std::vector<Listing> night{listing({10, "berta"}, on_day(1, 1), {{1, "a"}}),
                             listing({10, "carla"}, on_day(1, 2), {{1, "a"}}),
                             listing({10, "dora"}, on_day(1, 3), {{1, "a"}})};
  std::vector<std::size_t> order{0, 1, 2};
  do {
    start_over();
    run(0, {listing({10, "anna"}, on_day(0), {{1, "a"}})});
    run(1, {night[order[0]], night[order[1]], night[order[2]]});
    EXPECT_THAT(query(kRenames), ElementsAre("10|2|anna|dora|02"));
    EXPECT_THAT(query("SELECT login, last_seen_at FROM users"),
                ElementsAre("dora|2026-11-02T00:00:00.003Z"));
  } while (std::next_permutation(order.begin(), order.end()));
}

// Only sightings of this run can be later than the current one.
TEST_F(AccountsTest, AreRenamedAlsoAfterTheClockWasSetBack) {
  run(3, {listing({10, "anna"}, on_day(3), {{1, "a"}})});
  run(1, {listing({10, "berta"}, on_day(1), {{1, "a"}})});
  EXPECT_THAT(query(kRenames), ElementsAre("10|2|anna|berta|02"));
  EXPECT_THAT(query("SELECT login, last_seen_at FROM users"),
              ElementsAre("berta|2026-11-02T00:00:00.000Z"));
}

TEST_F(AccountsTest, ForgetARenameThatIsUndoneInTheSameRun) {
  run(0, {listing({10, "anna"}, on_day(0), {{1, "a"}})});
  run(1, {listing({10, "berta"}, on_day(1, 1), {{1, "a"}}),
          listing({10, "Anna"}, on_day(1, 2), {{1, "a"}})});
  EXPECT_THAT(query(kRenames), IsEmpty());
}

TEST_F(AccountsTest, AreNotRenamedInTheRunThatSeesThemFirst) {
  run(0, {listing({10, "anna"}, on_day(0, 1), {{1, "a"}}),
          listing({10, "berta"}, on_day(0, 2), {{1, "a"}})});
  EXPECT_THAT(query(kRenames), IsEmpty());
  EXPECT_THAT(query("SELECT id, login FROM users"), ElementsAre("10|berta"));
}

}  // namespace
}  // namespace repopipe
