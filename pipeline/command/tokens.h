// Where tokens come from: the references of `provider.tokens` become the tokens themselves.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/job/environment.h"
#include "pipeline/principal.h"

namespace repopipe {

// The principals that go with them, in the same order; the anonymous one when there is no token.
// A name has the reference and at most the token's last four characters; an identity is a digest.
std::vector<Principal> principals_of(std::span<const std::string> references,
                                     std::span<const std::string> tokens);

// In the order of the references.  Runs `cmd:` references through the shell.  A failure is of kind
// `no_token` and names the reference, never a token; it begins with `where` the reference stands.
Result<std::vector<std::string>> resolve_tokens(std::span<const std::string> references,
                                                const Environment& environment,
                                                std::string_view where = "provider.tokens");

}  // namespace repopipe
