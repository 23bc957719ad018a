// GitHub's Link header: prev, next, last, first, in this order.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/target.h"

namespace repopipe::simulator {

// Empty: no header, for a single page.  `base_url` has no trailing slash; links have the account's
// id, whatever the request had.  After the last page GitHub sends prev (the last page), last and
// first (seen at api.github.com in September 2026).
std::string link_header(const std::string& base_url, std::uint64_t account_id, const Target& target,
                        std::uint64_t last_page);

}  // namespace repopipe::simulator
