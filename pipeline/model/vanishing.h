// When so many known users or repositories are gone after one run, a mistake is likelier than the
// truth: a token that sees less, an API that is half down, an address that leads elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// Accounts or repositories that were known before a run, and those of them that it misses.
struct Vanishing {
  std::string_view noun;  // "users"
  std::uint64_t known = 0;
  std::uint64_t missing = 0;
};

// Why none of the missing should be marked as gone; nothing: they may be.  `most` is the share of
// the known that may vanish.  Fewer than 20 always may unless none is left, and if it is 1, all.
std::optional<std::string> too_many_vanished(const Vanishing& vanishing, double most);

}  // namespace repopipe
