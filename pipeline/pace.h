// How fast requests may go out: GitHub's secondary limits on requests and on response time in a
// minute (GitHub docs, "Rate limits for the REST API", secondary rate limits).  Used by Plan.
#pragma once

#include <deque>
#include <utility>

#include "pipeline/core/clock.h"

namespace repopipe {

struct PaceLimits {
  std::size_t requests_per_minute = 0;  // 0: no such limit
  Duration response_per_minute{};       // sum of response times; 0: no such limit
};

// Counts over the last 60 seconds, whichever minute they are.  Threading: that of Plan.
class Pace {
 public:
  explicit Pace(const PaceLimits& limits) : limits_(limits) {}

  // The earliest time from `now` on at which a request may be sent.
  Time free_at(Time now);

  void sent(Time now);
  void answered(Duration response, Time now);

 private:
  void forget_before(Time time);

  const PaceLimits limits_;
  std::deque<Time> sent_;
  std::deque<std::pair<Time, Duration>> answered_;
  Duration response_{};  // sum over answered_
};

}  // namespace repopipe
