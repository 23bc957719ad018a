// The number of concurrent requests: additive increase, multiplicative decrease (after RFC 5681,
// section 3.1).  Overload halves it; each good response increases it a little.
#pragma once

#include <cstddef>

#include "pipeline/base/units.h"

namespace repopipe {

// Threading: that of Plan.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(std::size_t largest);

  // `sent`: when the request was sent whose response shows overload.  Requests that were in flight
  // together count once.
  void strain(Time sent, Time now);
  void success();

  // From 1 to the largest.
  std::size_t size() const { return static_cast<std::size_t>(size_); }
  // size() / largest: above 0, at most 1.
  double share() const { return size_ / largest_; }

 private:
  double largest_;
  double size_;
  Time strained_at_ = Time::min();
};

}  // namespace repopipe
