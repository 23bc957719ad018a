#include "pipeline/alarm.h"

#include <gtest/gtest.h>

#include <future>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

Time now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

TEST(Alarm, RingsAtItsTimeAndNotBefore) {
  std::promise<Time> rung;
  Alarm alarm([&] { rung.set_value(now()); }, [](const Failure&) {});
  const Time due = now() + 5ms;
  alarm.set(due);
  EXPECT_GE(rung.get_future().get(), due);
}

TEST(Alarm, TakesANewTimeInPlaceOfTheOld) {
  std::promise<void> rung;
  Alarm alarm([&] { rung.set_value(); }, [](const Failure&) {});
  alarm.set(now() + 1h);
  alarm.set(now());
  rung.get_future().wait();
}

TEST(Alarm, IsSilentOnceItIsGone) {
  bool rung = false;
  {
    Alarm([&] { rung = true; }, [](const Failure&) {}).set(now() + 1h);
  }
  EXPECT_FALSE(rung);
}

}  // namespace
}  // namespace repopipe
