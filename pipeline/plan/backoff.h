// How long to wait before the next attempt: "full jitter", a random time between nothing and an
// upper bound that doubles with each attempt (AWS Architecture Blog, "Exponential Backoff And
// Jitter"), so that many clients that failed together do not come back together.
#pragma once

#include <cstdint>
#include <random>

#include "pipeline/base/units.h"

namespace repopipe {

constexpr Duration kLongestBackoff = std::chrono::minutes(1);

// The upper bound before attempt `failed_attempts + 1`: base, 2 base, 4 base, ... at most a minute.
Duration backoff_bound(Duration base, int failed_attempts);

Duration full_jitter(Duration base, int failed_attempts, std::mt19937_64& random);

}  // namespace repopipe
