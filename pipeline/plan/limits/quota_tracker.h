// The requests that one account has left in its hour (GitHub docs, "Rate limits for the REST API",
// primary rate limits).  All tokens of an account share one quota.
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
  // From the headers of a response.  Responses arrive in any order, so within a window the smallest
  // number counts.
  void told(const Quota& quota, Time now);
  // A response says that the quota is used up; `wait`: until when, if told.
  void refused(std::optional<Duration> wait, Time sent, Time now);
  void granted(Time sent) { hold_.relieve(sent); }

  // When a request may be sent so that `reserve` requests are left; Time::max(): not before a
  // request in flight is answered.  With a reserve, a single request finds out the quota first.
  Time free_at(Time now, std::uint64_t reserve) const;

  // The last one that was told, if any.
  const std::optional<Quota>& quota() const { return quota_; }

 private:
  std::optional<Quota> quota_;
  Time resets_at_{};
  std::uint64_t in_flight_ = 0;
  bool was_answered_ = false;  // so far, if without telling a quota
  Cooldown hold_;
};

}  // namespace repopipe
