// A simulated world that many tests share: a few hundred users with one very large account among
// them, and logins that nobody has.
#pragma once

#include <string>
#include <vector>

#include "tests/testing/sanitized.h"

namespace repopipe::e2e {

// That exist.
constexpr int kAccounts = is_sanitized() ? 120 : 240;

// Options of a Simulator for that world, `day` days on.
std::vector<std::string> world(int day = 0);

// A smaller one, for tests that list it many times.
std::vector<std::string> small_world();

// Everybody in a world, and some that are not.
std::vector<std::string> users_of(const std::vector<std::string>& world);

std::vector<std::string> operator+(std::vector<std::string> options,
                                   const std::vector<std::string>& more);

}  // namespace repopipe::e2e
