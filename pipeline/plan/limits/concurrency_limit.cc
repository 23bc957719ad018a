#include "pipeline/plan/limits/concurrency_limit.h"

#include <algorithm>

namespace repopipe {

ConcurrencyLimit::ConcurrencyLimit(std::size_t largest)
    : largest_(static_cast<double>(std::max<std::size_t>(largest, 1))), size_(largest_) {}

void ConcurrencyLimit::strain(Time sent, Time now) {
  if (sent < strained_at_) return;
  strained_at_ = now;
  size_ = std::max(1.0, size_ / 2);
}

void ConcurrencyLimit::success() {
  size_ = std::min(largest_, size_ + 1 / size_);
}

}  // namespace repopipe
