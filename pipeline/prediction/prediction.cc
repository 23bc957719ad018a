#include "pipeline/prediction/prediction.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace repopipe {
namespace {

// Sums of fractions; never more points than requests.
std::uint64_t whole_number(double value) {
  constexpr double kAlmost = 1e-6;
  return static_cast<std::uint64_t>(std::max(0.0, value + kAlmost));
}

Duration duration_of(double seconds) {
  constexpr double kLongest = 1e10;
  return std::chrono::round<Duration>(std::chrono::duration<double>(std::min(seconds, kLongest)));
}

double seconds_of(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

// The last nights had as many requests in flight, unless the job was changed since.  With very
// short responses there are fewer than allowed, because the program itself is the slower part.
double parallel_of(const PredictionFacts& facts) {
  constexpr double kShort = 0.01;
  const double allowed = facts.concurrency;
  const double usual = facts.past.parallel;
  const bool was_changed = usual < allowed / 2 && facts.past.response > kShort;
  return usual <= 0 || usual > allowed || was_changed ? allowed : usual;
}

double mean_response(const PredictionFacts& facts) {
  const double requests = facts.work.requests(), free = facts.work.free();
  if (requests <= 0) return facts.past.response;
  return (free * facts.past.not_modified + (requests - free) * facts.past.response) / requests;
}

class Predictor {
 public:
  explicit Predictor(const PredictionFacts& facts)
      : facts_(facts), response_(mean_response(facts)) {}

  Prediction predict() {
    const Work& work = facts_.work;
    Prediction told{.work = work, .past = facts_.past};
    told.now = facts_.now;
    told.response = response_;
    told.requests = std::max(work.users, whole_number(work.requests()));
    told.conditional = whole_number(work.conditional);
    told.not_modified = whole_number(work.free());
    add_quotas(told);
    told.points = whole_number(points_);
    set_rate();
    set_limits();
    told.schedule = schedule_of(with_);
    ScheduleOptions endless = with_;
    endless.deadline = endless.max_wait = 1e18;
    const Schedule whole = schedule_of(endless);
    told.time = duration_of(facts_.past.overhead + whole.seconds);
    told.waiting = duration_of(whole.quota_wait + whole.minute_wait);
    told.limited_by = limit_of(told, whole);
    return told;
  }

 private:
  const TokenReading* reading_of(const std::string& token) const {
    const auto found = std::ranges::find(facts_.readings, token, &TokenReading::token);
    return found == facts_.readings.end() ? nullptr : &*found;
  }

  // Tokens of one account share its quota, and the API tells the same of each.
  static bool is_shared(const TokenReading& one, const TokenReading& other) {
    return one.run_id == other.run_id && one.limit == other.limit &&
           one.remaining == other.remaining && one.resets_at == other.resets_at;
  }

  // Without a reading: the quota of the public API; the operators of other servers set theirs.
  std::optional<std::uint64_t> usual_limit(bool has_token) const {
    const HourlyQuota& quota = facts_.provider.quota;
    const std::uint64_t limit = has_token ? quota.with_token : quota.without_token;
    const bool is_public = facts_.job.provider.base_url == facts_.provider.default_url;
    return is_public && limit > 0 ? std::optional(limit) : std::nullopt;
  }

  void add_quotas(Prediction& told) {
    const auto& all = facts_.principals.all;
    std::vector<std::pair<const TokenReading*, std::size_t>> known;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool has_token = all[i].identity != kAnonymous;
      const TokenReading* reading = reading_of(all[i].reference);
      PredictedToken& token = told.tokens.emplace_back(PredictedToken{.name = all[i].reference});
      token.limit = reading != nullptr ? std::optional(reading->limit) : usual_limit(has_token);
      const TokenWork& work = facts_.work.tokens[i];
      const bool is_free = has_token && facts_.provider.quota.not_modified_is_free;
      const bool has_quota = facts_.provider.quota.with_token > 0 || token.limit;
      told.has_quota = told.has_quota || has_quota;
      const double points = has_quota ? work.requests - (is_free ? work.free : 0) : 0;
      token.points = whole_number(points);
      points_ += points;
      QuotaForecast quota = forecast_of(token, reading);
      quota.requests = work.requests;
      quota.points = points;
      const auto same = std::ranges::find_if(known, [reading](const auto& other) {
        return reading != nullptr && is_shared(*other.first, *reading);
      });
      if (same != known.end()) {
        with_.quotas[same->second].requests += quota.requests;
        with_.quotas[same->second].points += quota.points;
        quota.requests = quota.points = 0;  // keeps the numbers of the others
      } else if (reading != nullptr) {
        known.emplace_back(reading, with_.quotas.size());
      }
      with_.quotas.push_back(quota);
    }
  }

  // Sets what is left until the reset.
  QuotaForecast forecast_of(PredictedToken& token, const TokenReading* reading) const {
    QuotaForecast quota;
    if (!token.limit) return quota;
    quota.limit = static_cast<double>(*token.limit);
    const std::chrono::seconds resets_at(reading == nullptr ? 0 : reading->resets_at);
    if (reading == nullptr || WallTime(resets_at) <= facts_.now) return quota;
    token.remaining = reading->remaining;
    token.resets_at = WallTime(resets_at);
    quota.remaining = static_cast<double>(reading->remaining);
    constexpr double kMargin = 1;  // as QuotaTracker
    quota.resets_in = seconds_of(WallTime(resets_at) - facts_.now) + kMargin;
    return quota;
  }

  void set_rate() {
    with_.rate = parallel_of(facts_) / std::max(1e-6, response_);
    is_store_slower_ = facts_.past.store > 0 && 1 / facts_.past.store < with_.rate;
    if (is_store_slower_) with_.rate = 1 / facts_.past.store;
  }

  void set_limits() {
    const Job::Limits& limits = facts_.job.limits;
    with_.minute_most = limits.requests_per_minute;
    const double by_response = limits.response_seconds_per_minute / std::max(1e-6, response_);
    is_by_response_ = limits.response_seconds_per_minute > 0 &&
                      (with_.minute_most == 0 || by_response < with_.minute_most);
    if (is_by_response_) with_.minute_most = by_response;
    with_.minute = 60 + response_;
    with_.sent_before = static_cast<double>(facts_.sent_before);
    with_.sent_until = seconds(facts_.sent_until);
    with_.reserve = limits.reserve;
    with_.max_wait = seconds_of(facts_.job.run.max_wait);
    with_.deadline = seconds_of(facts_.job.run.deadline) - facts_.past.overhead;
  }

  LimitedBy limit_of(const Prediction& told, const Schedule& whole) const {
    if (told.requests == 0) return LimitedBy::nothing;
    const bool is_refused =
        told.schedule.obstacle == Obstacle::max_wait || told.schedule.obstacle == Obstacle::reserve;
    if (is_refused || whole.quota_wait > std::max(whole.sending, whole.minute_wait)) {
      return LimitedBy::quota;
    }
    if (whole.minute_wait > whole.sending) {
      return is_by_response_ ? LimitedBy::response_seconds_per_minute
                             : LimitedBy::requests_per_minute;
    }
    return is_store_slower_ ? LimitedBy::store : LimitedBy::concurrency;
  }

  const PredictionFacts& facts_;
  const double response_;
  ScheduleOptions with_;
  double points_ = 0;
  bool is_store_slower_ = false;
  bool is_by_response_ = false;
};

}  // namespace

Prediction predict(const PredictionFacts& facts) {
  return Predictor(facts).predict();
}

}  // namespace repopipe
