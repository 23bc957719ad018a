// Where tokens come from: the references of `provider.tokens` become the tokens themselves.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/job/environment.h"

namespace repopipe {

// In the order of the references.  Runs `cmd:` references through the shell.  A failure is of kind
// `no_token` and names the reference, never a token.
Result<std::vector<std::string>> resolve_tokens(std::span<const std::string> references,
                                                const Environment& environment);

}  // namespace repopipe
