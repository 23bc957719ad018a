#include "pipeline/run/timer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

const SystemClock system_clock;

Time now() {
  return system_clock.now();
}

// A clock that only the test moves.
class LeapingClock final : public Clock {
 public:
  Time now() const override { return Time(leap.load()); }
  WallTime wall() const override { return {}; }
  std::atomic<Duration> leap{Duration{}};
};

TEST(Timer, FiresAtItsTimeAndNotBefore) {
  std::promise<Time> rung;
  Timer timer(
      system_clock, [&] { rung.set_value(now()); }, [](const Failure&) {});
  const Time due = now() + 5ms;
  timer.set(due);
  EXPECT_GE(rung.get_future().get(), due);
}

TEST(Timer, ReplacesTheOldTimeByTheNew) {
  std::promise<void> rung;
  Timer timer(
      system_clock, [&] { rung.set_value(); }, [](const Failure&) {});
  timer.set(now() + 1h);
  timer.set(now());
  rung.get_future().wait();
}

TEST(Timer, FiresSoonAfterItsClockHasLeapt) {
  LeapingClock clock;
  std::promise<void> rung;
  Timer timer(
      clock, [&] { rung.set_value(); }, [](const Failure&) {});
  timer.set(Time(1h));
  clock.leap = 2h;
  EXPECT_EQ(rung.get_future().wait_for(1min), std::future_status::ready);
}

TEST(Timer, DoesNotFireAfterItsDestructor) {
  bool rung = false;
  {
    Timer(
        system_clock, [&] { rung = true; }, [](const Failure&) {})
        .set(now() + 1h);
  }
  EXPECT_FALSE(rung);
}

}  // namespace
}  // namespace repopipe
