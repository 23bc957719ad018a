#include "pipeline/plan/limits/quota_tracker.h"

#include <algorithm>

namespace repopipe {
namespace {

constexpr Duration kUnknownWait = std::chrono::minutes(1);
constexpr Duration kLongestWait = std::chrono::hours(1);
constexpr Duration kMargin = std::chrono::seconds(1);  // clocks are not quite alike

}  // namespace

QuotaTracker::QuotaTracker() : hold_(kUnknownWait, kLongestWait) {}

void QuotaTracker::completed(bool was_answered) {
  --in_flight_;
  was_answered_ = was_answered_ || was_answered;
}

void QuotaTracker::told(const Quota& quota, Time now) {
  const Time resets_at = now + quota.resets_in + kMargin;
  const std::int64_t later = quota_ ? quota.window - quota_->window : 0;
  if (later < -1) return;                         // of the window before, overtaken
  const bool same_window = quota_ && later <= 1;  // servers differ by a second
  const std::uint64_t remaining =
      same_window ? std::min(quota.remaining, quota_->remaining) : quota.remaining;
  resets_at_ = same_window ? std::min(resets_at_, resets_at) : resets_at;
  quota_ = quota;
  quota_->remaining = remaining;
}

void QuotaTracker::refused(std::optional<Duration> wait, Time sent, Time now) {
  if (wait) {
    hold_.ask(*wait, sent, now);
  } else {
    hold_.ask(sent, now);
  }
}

Time QuotaTracker::free_at(Time now, std::uint64_t reserve) const {
  const Time free = std::max(now, hold_.until());
  const bool is_over = !quota_ || resets_at_ <= now;
  const bool finds_out = reserve > 0 && (quota_ || !was_answered_);
  if (is_over) return finds_out && in_flight_ > 0 ? Time::max() : free;
  if (quota_->remaining > reserve + in_flight_) return free;
  if (in_flight_ > 0 && quota_->remaining > reserve) return Time::max();
  return std::max(free, resets_at_);
}

}  // namespace repopipe
