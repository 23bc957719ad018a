// What loading a job needs of the process around it; a value, so that tests bring their own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// What begins the name of an environment variable where a value could stand.
inline constexpr std::string_view kVariable = "env:";

struct Environment {
  // The value of an environment variable; nothing when it is unset.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  int standard_input = 0;  // a file descriptor, read to its end by `usernames_file: "-"`
};

Environment process_environment();

}  // namespace repopipe
