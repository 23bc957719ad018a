// Finds certificate authorities, reads tokens, and makes names and digests that do not reveal them.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {
// The first 128 bits of SHA-256 (FIPS 180-4), as 32 hexadecimal digits.
std::string digest_of(std::string_view text);

// The certificate authorities: `own` (provider.ca_file or --ca-file), else the file of
// CURL_CA_BUNDLE, else that of SSL_CERT_FILE, as in curl(1); nothing: those of the system.  An
// empty variable counts as unset.  A failure is of kind `job`: the file of a variable has no
// certificate, and `base_url` needs one.
Result<std::optional<std::filesystem::path>> authorities(
    const std::optional<std::filesystem::path>& own, std::string_view base_url,
    const Environment& environment);

// Tokens from the references of `provider.tokens`.

// Where the references are, and the limits of their commands.
struct TokenPlace {
  std::string_view name = "provider.tokens";            // or an option
  std::chrono::milliseconds within{30'000};             // time limit of each command
  std::string_view limit = "provider.command_timeout";  // key of that limit
  std::function<void(const std::string&)> told{};       // called with a line if a command is slow
};

// Runs the command of a `cmd:` reference: in its own process group, with default signal handling,
// with a time limit, and never longer than this process lives.
// Returns its standard output, at most 64 KiB; all of it is added to the secrets.  Its standard
// error is printed with secrets masked after it has ended.  A failure is of kind `no_token`; the
// message says how the command ended and does not contain it.  `slow` is called after some seconds.
Result<std::string> run_token_command(const std::string& command, std::chrono::milliseconds within,
                                      const std::function<void()>& slow);

// A digest of the transforms, for Principal::transforms.
std::string word_of(const std::vector<TransformStep>& transforms);

// The principals of the tokens in the same order; without tokens, the anonymous one.  A name
// contains the reference, or the position of a command, and at most the token's last four
// characters; an identity is a digest.
std::vector<Principal> principals_of(std::span<const std::string> references,
                                     std::span<const std::string> tokens,
                                     std::string_view place = "provider.tokens");

// The tokens, in the order of the references.  Runs `cmd:` references in the shell.  Adds the
// tokens to the secrets (pipeline/base/secrets.h).  A failure is of kind `no_token`, or `usage` for
// an invalid reference; it names the reference, or the position of a command, never a token.
Result<std::vector<std::string>> resolve_tokens(std::span<const std::string> references,
                                                const Environment& environment,
                                                const TokenPlace& place = {});

}  // namespace repopipe
