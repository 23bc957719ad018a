#include "pipeline/job/diagnostic.h"

#include <fmt/format.h>

namespace repopipe {

std::string Diagnostic::show() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

}  // namespace repopipe
