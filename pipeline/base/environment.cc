#include "pipeline/base/environment.h"

#include <cstdlib>

namespace repopipe {

Environment process_environment() {
  const auto variable = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
  return {.variable = variable};
}

}  // namespace repopipe
