// How much may be under way at once: additive increase, multiplicative decrease (RFC 5681, section
// 3.1, is the model).  Half as much after a sign of strain, then a little more with each good
// response.
#pragma once

#include <cstddef>

#include "pipeline/base/units.h"

namespace repopipe {

// Threading: that of Plan.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(std::size_t largest);

  // `sent`: when the request went out whose response tells it.  Strain that shows in several
  // responses of one time counts once.
  void strain(Time sent, Time now);
  void success();

  // From 1 to the largest.
  std::size_t size() const { return static_cast<std::size_t>(size_); }
  // Of the largest: above 0, at most 1.
  double share() const { return size_ / largest_; }

 private:
  double largest_;
  double size_;
  Time strained_at_ = Time::min();
};

}  // namespace repopipe
