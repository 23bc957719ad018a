// The rate of requests: GitHub's secondary limits on requests and on response time in a
// minute (GitHub docs, "Rate limits for the REST API", secondary rate limits).  Used by Plan.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "pipeline/base/units.h"

namespace repopipe {

struct RateLimits {
  std::size_t requests_per_minute = 0;  // 0: no such limit
  Duration response_per_minute{};       // sum of response times; 0: no such limit
  Duration minute = std::chrono::minutes(1);
};

// Counts the requests of the last minute (a sliding window).  The server may count a request at any
// time before it answers, so a request counts until a minute after its answer.
// Threading: that of Plan.
class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits) : limits_(limits) {}

  // When a request may be sent, `now` at the earliest, with that share of the limits; Time::max():
  // not before a task is completed.
  Time free_at(Time now, double share = 1);

  // A request of an earlier run, answered at that time.  Oldest first; before any request of this
  // run.
  void remember(Time answered, Duration response);

  void sent();
  void answered(Duration response, Time now);
  void never_sent();

  // What delays free_at's last answer is the sum of response times, not the number of requests.
  bool is_by_response() const { return is_by_response_; }
  // Why free_at last returned a later time than its `now`, for people.
  std::string explain() const;

 private:
  Time free_by_requests(Time now, double share) const;
  Time free_by_response(Time now, double share) const;
  void forget_before(Time time);

  const RateLimits limits_;
  std::size_t in_flight_ = 0;
  std::deque<std::pair<Time, Duration>> answered_;
  bool is_by_response_ = false;  // what free_at answered last
  Duration response_{};          // sum over answered_
  // Expected duration of a response: an exponential average; a high estimate before the first.
  Duration expected_ = std::chrono::seconds(1);
};

}  // namespace repopipe
