// The forms of GitHub's response to a secondary rate limit.  Used by SecondaryLimits. Threading:
// any thread.
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
  plain,              // 403 with a body that mentions a secondary rate limit
  abuse,              // the former body: an abuse detection mechanism
};

LimitForm limit_form(std::uint64_t draw);

// One of the forms with seconds.
LimitForm whim_form(std::uint64_t draw);

// Whether the response has a wait.
bool names_a_wait(LimitForm form);

struct LimitTimes {
  Moment now{};
  Moment ends{};               // end of the wait
  Moment::duration unnamed{};  // the wait of a form without one
};
Response limit_response(LimitForm form, const LimitTimes& times);

// For a client that did not wait.
Response banned_response();

}  // namespace repopipe::simulator
