// The forms in which GitHub says that a secondary limit was passed.  Used by SecondaryLimits.
// Threading: pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "tests/simulator/response.h"
#include "tests/simulator/wait.h"

namespace repopipe::simulator {

enum class LimitForm {
  forbidden_seconds,  // 403, Retry-After in seconds
  too_many_seconds,   // 429, Retry-After in seconds
  forbidden_date,     // 403, Retry-After as an HTTP date
  plain,              // 403 and nothing but the body, which speaks of a secondary rate limit
  abuse,              // the same of old: an abuse detection mechanism
};

LimitForm limit_form(std::uint64_t draw);

// One of those with seconds.
LimitForm whim_form(std::uint64_t draw);

// Whether the response itself says how long to wait.
bool names_a_wait(LimitForm form);

struct LimitTimes {
  Moment now{};
  Moment ends{};               // when requests are answered again
  Moment::duration unnamed{};  // what a form that names no wait means
};
Response limit_response(LimitForm form, const LimitTimes& times);

// To one who did not wait.
Response banned_response();

}  // namespace repopipe::simulator
