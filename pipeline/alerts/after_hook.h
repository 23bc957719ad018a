// The command of `hooks.after`, which is run once after a run has ended.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/base/failure.h"

namespace repopipe {

struct HookOptions {
  std::string command{};  // for /bin/sh; empty: none
  std::chrono::milliseconds timeout = std::chrono::minutes(5);
  std::chrono::milliseconds grace = std::chrono::seconds(5);  // between SIGTERM and SIGKILL
  std::filesystem::path folder{};                             // its working directory
  std::vector<std::string> hidden{};  // variables that the command must not see
};

// Runs the command in a process group of its own, with default signal handling, `input` on its
// standard input, and its standard output joined to our standard error.  `variables` are added to
// its environment; those in `hidden` and those that hold a known secret are removed.  After the
// time limit the group gets SIGTERM, and after `grace` SIGKILL. A failure is of kind
// `internal`; its message says how the command ended.
Status run_hook(const HookOptions& options,
                const std::vector<std::pair<std::string, std::string>>& variables,
                std::string_view input);

}  // namespace repopipe
