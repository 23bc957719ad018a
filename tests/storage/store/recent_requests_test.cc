#include <fmt/format.h>

#include "storage/store/run_log.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

class RecentRequests : public StoreTest {
 protected:
  void sent(WallTime started, std::string_view outcome, int milliseconds) {
    ASSERT_TRUE(database_->execute(fmt::format(
        "INSERT INTO requests (run_id, login, page, attempt, started_at, bytes, name_lookup_ms, "
        "connect_ms, tls_ms, first_byte_ms, total_ms, outcome) "
        "VALUES (1, 'anna', 1, 1, '{}', 0, 0, 0, 0, 0, {}, '{}')",
        to_iso8601(started), milliseconds, outcome)));
  }
  std::vector<Duration> ages(std::size_t most = 1000) {
    const auto found = recent_requests(*database_, on_day(1), 60s, most);
    EXPECT_TRUE(found);
    std::vector<Duration> all;
    for (const auto& each : *found) {
      all.push_back(std::chrono::round<std::chrono::milliseconds>(each.age));
    }
    return all;
  }
};

TEST_F(RecentRequests, AreThoseAnsweredWithinTheSpanOldestFirst) {
  run(0, {});
  sent(on_day(1, -61'000), "ok", 500);
  sent(on_day(1, -20'000), "server_error", 1000);
  sent(on_day(1, -60'500), "ok", 1500);
  sent(on_day(1, -10'000), "connect", 0);
  sent(on_day(1, -10'000), "cancelled", 0);
  sent(on_day(1, -10'000), "queue", 0);
  EXPECT_EQ(ages(), (std::vector<Duration>{59s, 19s}));
  EXPECT_EQ(ages(3), std::vector<Duration>{});
}

TEST_F(RecentRequests, AreNewAfterTheCalendarWasSetBackALittle) {
  run(0, {});
  sent(on_day(1, 2'000), "ok", 0);
  sent(on_day(2), "ok", 0);
  EXPECT_EQ(ages(), std::vector<Duration>{0s});
}

}  // namespace
}  // namespace repopipe
