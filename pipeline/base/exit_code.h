// The exit codes of the program, in the sysexits family.  One table; `--help` and the README show
// it.
#pragma once

#include <span>
#include <string_view>

namespace repopipe {

enum class ExitCode {
  complete = 0,
  usage = 64,
  incomplete = 65,
  unreachable = 69,
  internal = 70,
  machine_limit = 71,
  cannot_create = 73,
  database = 74,
  try_later = 75,
  no_token = 77,
  bad_job = 78,
  interrupted = 130,
  terminated = 143,
};

struct ExitCodeMeaning {
  ExitCode code;
  std::string_view meaning;
};

std::span<const ExitCodeMeaning> exit_codes();

}  // namespace repopipe
