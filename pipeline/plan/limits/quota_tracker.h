// What one account may still ask for in its hour (GitHub docs, "Rate limits for the REST API",
// primary rate limits).  All tokens of an account share one budget.
#pragma once

#include <cstdint>
#include <optional>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/plan/limits/cooldown.h"

namespace repopipe {

// Threading: that of Plan.
class QuotaTracker {
 public:
  QuotaTracker();

  void sent() { ++in_flight_; }
  void completed(bool was_answered);
  // As a response's headers tell it.  Responses overtake each other, so within a window the
  // smallest number counts.
  void told(const Quota& quota, Time now);
  // A response says that it is used up; `wait` is how long, if it tells.
  void refused(std::optional<Duration> wait, Time sent, Time now);
  void granted(Time sent) { hold_.relieve(sent); }

  // From when on a request may be sent so that `reserve` are left; Time::max(): not before one of
  // those in flight is answered.  With a reserve, one request alone finds out what there is.
  Time free_at(Time now, std::uint64_t reserve) const;

  // The last that was told, if anything.
  const std::optional<Quota>& quota() const { return quota_; }

 private:
  std::optional<Quota> quota_;
  Time resets_at_{};
  std::uint64_t in_flight_ = 0;
  bool was_answered_ = false;  // so far, if without telling a quota
  Cooldown hold_;
};

}  // namespace repopipe
