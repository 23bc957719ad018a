#include "tests/simulator/secondary_limits.h"

#include <algorithm>
#include <functional>

#include "tests/simulator/limit_responses.h"
#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

using std::chrono::seconds;

constexpr seconds kShortestHeader{1};  // Retry-After has no fractions
constexpr seconds kWhim{1};

}  // namespace

bool SecondaryLimits::enforced() const {
  return settings_.max_concurrent > 0 || settings_.max_per_minute > 0 ||
         settings_.max_response_seconds > 0;
}

SecondaryLimits::Principal& SecondaryLimits::find(std::string_view authorization) {
  const auto found = principals_.find(authorization);
  if (found != principals_.end()) return found->second;
  return principals_[std::string(authorization)];
}

void SecondaryLimits::age(Principal& principal, Moment now) const {
  const Moment oldest = now - settings_.minute;
  auto& arrivals = principal.arrivals;
  auto& responses = principal.responses;
  while (!arrivals.empty() && arrivals.front() <= oldest) arrivals.pop_front();
  while (!responses.empty() && responses.front().first <= oldest) {
    principal.response_time -= responses.front().second;
    responses.pop_front();
  }
}

Limit SecondaryLimits::over(const Principal& principal) const {
  const auto passed = [](std::uint64_t limit, std::uint64_t value) {
    return limit > 0 && value > limit;
  };
  if (passed(settings_.max_concurrent, principal.in_flight)) return Limit::concurrent;
  if (passed(settings_.max_per_minute, principal.arrivals.size())) return Limit::per_minute;
  const std::chrono::duration<double> spent = principal.response_time;
  const double most = settings_.max_response_seconds;
  return most > 0 && spent.count() > most ? Limit::response_seconds : Limit::none;
}

Standing SecondaryLimits::arrive(std::string_view authorization, Moment now) {
  if (!enforced() && principals_.empty()) return {};
  Principal& principal = find(authorization);
  age(principal, now);
  ++principal.in_flight;
  principal.arrivals.push_back(now);
  if (principal.banned) return {.banned = true};
  if (now >= principal.wait_ends) return {.over = over(principal)};
  if (now >= principal.wait_began + settings_.grace) ++principal.sent_in_wait;
  // The last request before the ban still gets a wait.
  principal.banned = settings_.ban_after > 0 && principal.sent_in_wait >= settings_.ban_after;
  return {.waiting = true};
}

void SecondaryLimits::leave(std::string_view authorization, Moment arrived, Moment now) {
  const auto found = principals_.find(authorization);
  if (found == principals_.end()) return;
  Principal& principal = found->second;
  // Requests that arrived before counting began are not subtracted.
  principal.in_flight -= principal.in_flight > 0 ? 1 : 0;
  principal.responses.emplace_back(now, now - arrived);
  principal.response_time += now - arrived;
  age(principal, now);
}

Response SecondaryLimits::refusal(std::string_view authorization, const Standing& standing,
                                  Moment now) {
  if (standing.banned) return banned_response();
  Principal& principal = find(authorization);
  const std::uint64_t draw =
      mix(mix(seed_, std::hash<std::string_view>{}(authorization)), ++principal.refusals);
  if (standing.over != Limit::none) principal.whim = false;
  LimitForm form = principal.whim ? whim_form(draw) : limit_form(draw);
  Moment::duration length = settings_.minute;
  if (names_a_wait(form)) length = std::max<Moment::duration>(length, kShortestHeader);
  if (standing.over != Limit::none) {
    if (now >= principal.wait_ends) principal.wait_began = now;
    principal.wait_ends = std::max(principal.wait_ends, now + length);
  }
  const Moment ends = std::max(principal.wait_ends, now);
  return limit_response(form, {.now = now, .ends = ends, .unnamed = settings_.minute});
}

Response SecondaryLimits::whim(std::string_view authorization, Moment now) {
  Principal& principal = find(authorization);
  if (now >= principal.wait_ends) {
    principal.wait_began = now;
    principal.whim = true;
  }
  principal.wait_ends = std::max(principal.wait_ends, now + kWhim);
  const LimitForm form = whim_form(mix(seed_, ++principal.refusals));
  return limit_response(form,
                        {.now = now, .ends = principal.wait_ends, .unnamed = settings_.minute});
}

}  // namespace repopipe::simulator
