// How fast requests may go out: GitHub's secondary limits on requests and on response time in a
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

// Counts over the last minute, whichever it is.  Nobody knows when the server counts a request that
// it has not answered yet, so each counts until a minute after its answer: then the server, which
// saw it before that, has forgotten it for certain.
// Threading: that of Plan.
class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits) : limits_(limits) {}

  // The earliest time from `now` on at which a request may be sent, at that share of the limits;
  // Time::max(): not before a task is completed.
  Time free_at(Time now, double share = 1);

  // A request of an earlier run, answered then; oldest first, and before any of this one.
  void remember(Time answered, Duration response);

  void sent();
  void answered(Duration response, Time now);
  void never_sent();

  // Why the time that free_at answered last is not its `now`, for people.
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
  // Of one response: an average that leans to the newest, and a careful guess before the first.
  Duration expected_ = std::chrono::seconds(1);
};

}  // namespace repopipe
