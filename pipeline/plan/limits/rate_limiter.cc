#include "pipeline/plan/limits/rate_limiter.h"

#include <fmt/format.h>

#include <algorithm>

namespace repopipe {

Time RateLimiter::free_at(Time now, double share) {
  forget_before(now - limits_.minute);
  const Time by_requests = free_by_requests(now, share);
  const Time by_response = free_by_response(now, share);
  is_by_response_ = by_response > by_requests;
  return std::max(by_requests, by_response);
}

Time RateLimiter::free_by_requests(Time now, double share) const {
  if (limits_.requests_per_minute == 0) return now;
  const auto limit = std::max<std::size_t>(
      1, static_cast<std::size_t>(static_cast<double>(limits_.requests_per_minute) * share));
  const std::size_t counted = in_flight_ + answered_.size();
  if (counted < limit) return now;
  const std::size_t in_the_way = counted - limit + 1;
  if (in_the_way > answered_.size()) return Time::max();
  return answered_[in_the_way - 1].first + limits_.minute;
}

Time RateLimiter::free_by_response(Time now, double share) const {
  if (limits_.response_per_minute <= Duration::zero()) return now;
  const Duration limit(
      static_cast<Duration::rep>(static_cast<double>(limits_.response_per_minute.count()) * share));
  const auto out = static_cast<Duration::rep>(in_flight_);
  if (out == 0 && answered_.empty()) return now;
  Duration sum = response_ + expected_ * (out + 1);
  Time free = now;
  for (const auto& [time, response] : answered_) {
    if (sum <= limit) return free;
    sum -= response;
    free = time + limits_.minute;
  }
  return sum <= limit || out == 0 ? free : Time::max();
}

void RateLimiter::remember(Time answered, Duration response) {
  answered_.emplace_back(answered, response);
  response_ += response;
}

std::string RateLimiter::explain() const {
  if (!is_by_response_) {
    return fmt::format("limits.requests_per_minute ({}) is reached", limits_.requests_per_minute);
  }
  return fmt::format("limits.response_seconds_per_minute ({}) is reached",
                     std::chrono::floor<std::chrono::seconds>(limits_.response_per_minute).count());
}

void RateLimiter::sent() {
  ++in_flight_;
}

void RateLimiter::answered(Duration response, Time now) {
  --in_flight_;
  if (limits_.requests_per_minute == 0 && limits_.response_per_minute <= Duration::zero()) return;
  answered_.emplace_back(now, response);
  response_ += response;
  expected_ = (expected_ * 7 + response) / 8;
}

void RateLimiter::never_sent() {
  --in_flight_;
}

void RateLimiter::forget_before(Time time) {
  while (!answered_.empty() && answered_.front().first <= time) {
    response_ -= answered_.front().second;
    answered_.pop_front();
  }
}

}  // namespace repopipe
