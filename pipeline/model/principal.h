// Whose a request is: a token's, or the one anonymous client's when there is none.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// The identity of requests without a token.
inline constexpr std::string_view kAnonymous = "anonymous";

struct Principal {
  std::string identity{};  // the same in every run with this token; never the token
  std::string name{};      // for people: "token env:GITHUB_TOKEN (...a1b2)"
};

}  // namespace repopipe
