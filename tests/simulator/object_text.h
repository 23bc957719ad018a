// JSON text of the objects GitHub's API lists, with the keys, and their order, of 2026.
// Threading: pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/account.h"
#include "tests/simulator/repository.h"

namespace repopipe::simulator {

// Appends one object of 82 keys, about 5.3 KB, compact.
void append_repository(std::string& out, const Account& owner, const Repository& repository);

// The answer to GET /users/{login}.
std::string account_object(const Account& account, std::uint64_t public_repositories);

}  // namespace repopipe::simulator
