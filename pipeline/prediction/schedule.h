// When the requests of a run would be sent: a simulation of its limits, in seconds from now.
// Requests flow at a steady rate; plan/limits decides about single ones.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace repopipe {

// The quota of one account.
struct QuotaForecast {
  double requests = 0;            // of this run
  double points = 0;              // that they cost
  std::optional<double> limit{};  // of an hour; nothing: none is known
  double remaining = 0;           // until the reset
  double resets_in = 0;           // 0: the next request begins an hour
};

struct ScheduleOptions {
  std::vector<QuotaForecast> quotas{};
  double rate = 1;         // requests a second without limits
  double minute_most = 0;  // requests in a minute; 0: no limit
  double minute = 60;      // with the time of a response, because it counts until it is answered
  double sent_before = 0;  // requests of earlier runs that still count
  double sent_until = 0;   // until when
  double reserve = 0;      // points of an hour that are left to others
  double max_wait = 0;
  double deadline = 0;
};

enum class Obstacle {
  none,
  deadline,  // it is not over by then
  max_wait,  // it would wait longer for a quota
  reserve,   // the whole quota is reserved
};

struct Schedule {
  double seconds = 0;      // until the last response
  double sending = 0;      // of these, without waits
  double quota_wait = 0;   // all waits for quotas
  double minute_wait = 0;  // all waits for the limits of a minute
  Obstacle obstacle = Obstacle::none;
  double longest_wait = 0;  // for a quota
  std::size_t quota = 0;    // that is waited for
  double used_up_at = 0;    // when the wait begins that is too long or too late
  double continues_at = 0;
};

Schedule schedule_of(ScheduleOptions options);

}  // namespace repopipe
