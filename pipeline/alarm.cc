#include "pipeline/alarm.h"

#include <utility>

#include "pipeline/core/thread.h"

namespace repopipe {

Alarm::Alarm(std::function<void()> ring, std::function<void(const Failure&)> on_error)
    : ring_(std::move(ring)),
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
    } else if (std::chrono::steady_clock::now() < *time_) {
      wake_.wait_until(lock, *time_);
    } else {
      time_.reset();
      lock.unlock();
      ring_();
      lock.lock();
    }
  }
}

}  // namespace repopipe
