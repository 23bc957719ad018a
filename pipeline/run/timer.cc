#include "pipeline/run/timer.h"

#include <algorithm>
#include <utility>

#include "pipeline/base/thread.h"

namespace repopipe {

// A condition variable does not wake up when a suspended machine does.  So the clock is read at
// this interval.
constexpr Duration kLongestSleep = std::chrono::seconds(2);

Timer::Timer(const Clock& clock, std::function<void()> fire,
             std::function<void(const Failure&)> on_error)
    : clock_(clock),
      fire_(std::move(fire)),
      thread_(Thread::must_start(
          "timer", [this] { watch(); }, std::move(on_error))) {}

Timer::~Timer() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Timer::set(Time time) {
  const Lock lock(mutex_);
  if (time_ == time) return;
  time_ = time;
  wake_.notify_one();
}

void Timer::watch() {
  Lock lock(mutex_);
  while (!stopping_) {
    if (!time_) {
      wake_.wait(lock);
    } else if (const Time now = clock_.now(); now < *time_) {
      wake_.wait_for(lock, std::min(*time_ - now, kLongestSleep));
    } else {
      time_.reset();
      lock.unlock();
      fire_();
      lock.lock();
    }
  }
}

}  // namespace repopipe
