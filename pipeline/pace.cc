#include "pipeline/pace.h"

#include <algorithm>

namespace repopipe {
namespace {

constexpr Duration kWindow = std::chrono::minutes(1);

}  // namespace

Time Pace::free_at(Time now) {
  forget_before(now - kWindow);
  Time free = now;
  if (limits_.requests_per_minute > 0 && sent_.size() >= limits_.requests_per_minute) {
    free = sent_[sent_.size() - limits_.requests_per_minute] + kWindow;
  }
  if (limits_.response_per_minute <= Duration::zero()) return free;
  Duration left = response_;
  for (const auto& [time, response] : answered_) {
    if (left < limits_.response_per_minute) break;
    left -= response;
    free = std::max(free, time + kWindow);
  }
  return free;
}

void Pace::sent(Time now) {
  if (limits_.requests_per_minute > 0) sent_.push_back(now);
}

void Pace::answered(Duration response, Time now) {
  if (limits_.response_per_minute <= Duration::zero()) return;
  answered_.emplace_back(now, response);
  response_ += response;
}

void Pace::forget_before(Time time) {
  while (!sent_.empty() && sent_.front() <= time) sent_.pop_front();
  while (!answered_.empty() && answered_.front().first <= time) {
    response_ -= answered_.front().second;
    answered_.pop_front();
  }
}

}  // namespace repopipe
