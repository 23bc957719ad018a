// Which principal (token) a user belongs to.
#pragma once

#include <cstdint>
#include <string_view>

namespace repopipe {

// Rendezvous hashing: the same user gets the same principal in every run, and one principal more
// moves only its own share.  GitHub's ETags depend on the token, so users must stay with theirs.
// `principals` is at least 1.
std::uint32_t principal_of(std::string_view folded_login, std::uint32_t principals);

}  // namespace repopipe
