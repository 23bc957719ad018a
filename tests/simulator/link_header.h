// GitHub's Link header, byte for byte: prev, next, last, first, in this order.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/target.h"

namespace repopipe::simulator {

// Empty: no header, as when there is only one page.  `base_url` has no slash at its end; links name
// the account by its id, whatever the request called it.  Past the last page GitHub answers with
// prev (the last page), last and first (seen at api.github.com in September 2026).
std::string link_header(const std::string& base_url, std::uint64_t account_id, const Target& target,
                        std::uint64_t last_page);

}  // namespace repopipe::simulator
