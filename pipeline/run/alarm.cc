#include "pipeline/run/alarm.h"

#include <algorithm>
#include <utility>

#include "pipeline/base/thread.h"

namespace repopipe {

// A condition variable does not wake when a suspended machine does: the clock is read this often.
constexpr Duration kLongestSleep = std::chrono::seconds(2);

Alarm::Alarm(const Clock& clock, std::function<void()> ring,
             std::function<void(const Failure&)> on_error)
    : clock_(clock),
      ring_(std::move(ring)),
      thread_(must_start_thread(
          "alarm", [this] { watch(); }, std::move(on_error))) {}

Alarm::~Alarm() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Alarm::set(Time time) {
  const std::lock_guard lock(mutex_);
  if (time_ == time) return;
  time_ = time;
  wake_.notify_one();
}

void Alarm::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (!time_) {
      wake_.wait(lock);
    } else if (const Time now = clock_.now(); now < *time_) {
      wake_.wait_for(lock, std::min(*time_ - now, kLongestSleep));
    } else {
      time_.reset();
      lock.unlock();
      ring_();
      lock.lock();
    }
  }
}

}  // namespace repopipe
