// Parses request targets: the part of GitHub's API that is served.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tests/simulator/page.h"

namespace repopipe::simulator {

struct Target {
  PageKind kind = PageKind::listing;
  std::variant<std::string, std::uint64_t> account;  // a login, percent-decoded, or a numeric id
  std::uint64_t page = 1;
  std::uint64_t per_page = 30;  // 1 to 100
  std::string parameters;       // the query without `page`, which links repeat
};

// Empty: not served.  Invalid values become GitHub's defaults, as at GitHub; `type` and `sort` are
// ignored, because every account owns its repositories and they are sorted by full name.
std::optional<Target> parse_target(std::string_view target);

}  // namespace repopipe::simulator
