// How many repositories an account has on day 0: heavy-tailed, as at GitHub.
#pragma once

#include <cstdint>

namespace repopipe::simulator {

inline constexpr std::uint32_t kMostRepositories = 3000;

// The default population: median 8, 99th percentile 200, a mean of about 21 with 2,000 accounts,
// and one account with kMostRepositories, selected by the seed.  Exact for every seed.
std::uint32_t usual_count(std::uint64_t seed, std::uint64_t accounts, std::uint64_t ordinal);

// 0 to 3, for tests with a million accounts.
std::uint32_t small_count(std::uint64_t seed, std::uint64_t ordinal);

}  // namespace repopipe::simulator
