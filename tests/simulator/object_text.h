// The JSON objects of GitHub's API, with the keys of 2026 in their order. Threading: any thread.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/account.h"
#include "tests/simulator/repository.h"

namespace repopipe::simulator {

// Appends one object of 82 keys, about 5.3 KB, compact.
void append_repository(std::string& out, const Account& owner, const Repository& repository);

// Appends one element of the response to GET /orgs/{login}/members.
void append_member(std::string& out, const Account& member);

// The response to GET /users/{login}.
std::string account_object(const Account& account, std::uint64_t public_repositories);

}  // namespace repopipe::simulator
