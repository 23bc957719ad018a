// A simulated world for many tests: a few hundred users, one of them very large, and unknown
// logins.
#pragma once

#include <string>
#include <vector>

#include "tests/testing/sanitized.h"

namespace repopipe::e2e {

// That exist.
constexpr int kAccounts = is_sanitized() ? 120 : 240;

// Options of a simulator for that world on that day.
std::vector<std::string> world(int day = 0);

// A smaller one, for tests with many runs.
std::vector<std::string> small_world();

// All users of a world, and some that do not exist.
std::vector<std::string> users_of(const std::vector<std::string>& world);

std::vector<std::string> operator+(std::vector<std::string> options,
                                   const std::vector<std::string>& more);

}  // namespace repopipe::e2e
