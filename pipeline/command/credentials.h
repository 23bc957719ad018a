// Names for secrets and for long texts that tell nothing of them.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {
// SHA-256 (FIPS 180-4), the first 128 bits of it, as 32 hexadecimal digits.
std::string digest_of(std::string_view text);

// Where tokens come from: the references of `provider.tokens` become the tokens themselves.

// Where references stand, and what bounds the commands among them.
struct TokenPlace {
  std::string_view name = "provider.tokens";            // or an option
  std::chrono::milliseconds within{30'000};             // of each command
  std::string_view limit = "provider.command_timeout";  // what `within` comes from
  std::function<void(const std::string&)> told{};       // takes a line when a command is slow
};

// The principals that go with them, in the same order; the anonymous one when there is no token.
// A name has the reference, or the place of a command, and at most the token's last four
// characters; an identity is a digest.
// A word for what the transforms make of a page, for Principal::transforms.
std::string word_of(const std::vector<TransformStep>& transforms);

std::vector<Principal> principals_of(std::span<const std::string> references,
                                     std::span<const std::string> tokens,
                                     std::string_view place = "provider.tokens");

// In the order of the references.  Runs `cmd:` references through the shell.  Tokens are secrets
// from then on (pipeline/base/secrets.h).  A failure is of kind `no_token`, or `usage` for a text
// that is no reference; it names the reference or the place of a command, never a token.
Result<std::vector<std::string>> resolve_tokens(std::span<const std::string> references,
                                                const Environment& environment,
                                                const TokenPlace& place = {});

}  // namespace repopipe
