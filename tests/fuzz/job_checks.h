// Loads bytes as a job file and checks what comes of it; shared by the targets of both formats.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipeline/job/document/diagnostics.h"
#include "pipeline/model/interfaces.h"

namespace repopipe::fuzz {

// `name` is "job.yaml" or "job.json".  Aborts when a property does not hold.
void load_and_check(const std::string& name, std::string_view text);

// Every diagnostic has one line, contains no token, and has a valid position or none.
void check_diagnostics(std::span<const Diagnostic> diagnostics, std::string_view text);

// Every user of a valid list is a username, and there are `users.count` of them.
void check_users_readable(const UserList& users);

}  // namespace repopipe::fuzz
