// Loads bytes as a job file and checks what comes of it; shared by the targets of both formats.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipeline/job/diagnostics.h"
#include "pipeline/model/interfaces.h"

namespace repopipe::fuzz {

// `name` is "job.yaml" or "job.json".  Aborts when a property does not hold.
void load_and_check(const std::string& name, std::string_view text);

// Every diagnostic says something on one line, shows no token, and stands at a place that `text`
// has or at none.
void check_diagnostics(std::span<const Diagnostic> diagnostics, std::string_view text);

// Every user of a list without diagnostics is a username, and there are `users.count` of them.
void check_users_readable(const UserList& users);

}  // namespace repopipe::fuzz
