#include "pipeline/prediction/schedule.h"

#include <algorithm>

namespace repopipe {
namespace {

constexpr double kHour = 3600;     // GitHub docs, "Rate limits for the REST API"
constexpr double kNothing = 1e-6;  // of a request, or of a second
constexpr double kForeverAway = 1e18;
constexpr double kLongest = 400.0 * 86'400;  // longer runs are not simulated

class Simulation {
 public:
  explicit Simulation(ScheduleOptions options) : with_(std::move(options)) {
    in_minute_ = with_.sent_before;
    minute_ends_ = with_.sent_before > 0 ? with_.sent_until : with_.minute;
    for (QuotaForecast& quota : with_.quotas) {
      if (!quota.limit) continue;
      if (quota.resets_in <= 0) begin_hour(quota);
    }
  }

  Schedule run() {
    while (has_work() && done_.obstacle == Obstacle::none) step();
    done_.seconds = now_;
    if (done_.obstacle == Obstacle::none && now_ > with_.deadline) {
      done_.obstacle = Obstacle::deadline;
    }
    return done_;
  }

 private:
  bool has_work() const {
    return std::ranges::any_of(with_.quotas,
                               [](const auto& quota) { return quota.requests > kNothing; });
  }

  // Points until the reset.
  double available(const QuotaForecast& quota) const {
    return quota.limit ? std::max(0.0, quota.remaining - with_.reserve) : kForeverAway;
  }

  bool may_send(const QuotaForecast& quota) const {
    return quota.requests > kNothing && available(quota) > kNothing;
  }

  void begin_hour(QuotaForecast& quota) {
    quota.remaining = *quota.limit;
    quota.resets_in = now_ + kHour;
  }

  void reset_quotas() {
    for (QuotaForecast& quota : with_.quotas) {
      if (quota.limit && quota.resets_in <= now_ + kNothing) begin_hour(quota);
    }
  }

  void step() {
    reset_quotas();
    if (now_ + kNothing >= minute_ends_) {
      in_minute_ = 0;
      minute_ends_ = now_ + with_.minute;
    }
    const auto senders =
        std::ranges::count_if(with_.quotas, [this](const auto& quota) { return may_send(quota); });
    if (senders == 0) return wait_for_quota();
    if (with_.minute_most > 0 && in_minute_ + kNothing >= with_.minute_most) {
      return wait_for_minute();
    }
    send(with_.rate / static_cast<double>(senders));
    if (now_ > kLongest) done_.obstacle = Obstacle::deadline;
  }

  // `rate`: of each that may send.
  void send(double rate) {
    double time = kForeverAway;
    for (const QuotaForecast& quota : with_.quotas) {
      if (quota.limit) time = std::min(time, quota.resets_in - now_);
      if (!may_send(quota)) continue;
      time = std::min(time, quota.requests / rate);
      if (quota.points > kNothing) {
        time = std::min(time, available(quota) * quota.requests / quota.points / rate);
      }
    }
    if (with_.minute_most > 0) {
      time = std::min({time, minute_ends_ - now_, (with_.minute_most - in_minute_) / with_.rate});
    }
    time = std::max(time, kNothing);
    spend(time, rate);
  }

  void spend(double time, double rate) {
    for (QuotaForecast& quota : with_.quotas) {
      if (!may_send(quota)) continue;
      const double sent = std::min(quota.requests, rate * time);
      const double points = quota.points * sent / quota.requests;
      quota.requests -= sent;
      quota.points -= points;
      quota.remaining -= points;
      in_minute_ += sent;
    }
    now_ += time;
    done_.sending += time;
  }

  void wait_for_minute() {
    done_.minute_wait += minute_ends_ - now_;
    now_ = minute_ends_;
    if (now_ > with_.deadline) done_.obstacle = Obstacle::deadline;
  }

  // As Plan::is_too_long decides.
  void wait_for_quota() {
    double until = kForeverAway;
    bool is_all_reserved = true;
    for (std::size_t i = 0; i < with_.quotas.size(); ++i) {
      const QuotaForecast& quota = with_.quotas[i];
      if (quota.requests <= kNothing) continue;
      is_all_reserved = is_all_reserved && quota.limit.value_or(0) <= with_.reserve;
      if (quota.resets_in < until) done_.quota = i;
      until = std::min(until, quota.resets_in);
    }
    done_.used_up_at = now_;
    done_.continues_at = until;
    if (is_all_reserved) {
      done_.obstacle = Obstacle::reserve;
    } else if (until - now_ > with_.max_wait) {
      done_.obstacle = Obstacle::max_wait;
    } else if (until >= with_.deadline) {
      done_.obstacle = Obstacle::deadline;
    }
    done_.longest_wait = std::max(done_.longest_wait, until - now_);
    if (done_.obstacle != Obstacle::none) return;
    done_.quota_wait += until - now_;
    now_ = until;
  }

  ScheduleOptions with_;
  double now_ = 0;
  double in_minute_ = 0;
  double minute_ends_ = 0;
  Schedule done_;
};

}  // namespace

Schedule schedule_of(ScheduleOptions options) {
  return Simulation(std::move(options)).run();
}

}  // namespace repopipe
