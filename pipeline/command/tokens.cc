#include "pipeline/command/tokens.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "pipeline/command/digest.h"
#include "pipeline/core/text.h"

namespace repopipe {
namespace {

tl::unexpected<Failure> no_token(std::string_view reference, std::string_view why) {
  return fail(FailureKind::no_token, fmt::format("\"{}\" {}", reference, why));
}

Result<std::string> read_file(const std::string& reference, const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return no_token(reference, "cannot be read");
  return text.str();
}

Result<std::string> run_command(const std::string& reference, const std::string& command) {
  FILE* pipe = popen(command.c_str(), "re");  // NOLINT(cert-env33-c): the job file asks for it
  if (pipe == nullptr) return no_token(reference, "cannot be run");
  std::string text;
  std::array<char, 4096> chunk{};
  std::size_t got = 0;
  while ((got = fread(chunk.data(), 1, chunk.size(), pipe)) > 0) text.append(chunk.data(), got);
  const int status = pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  return no_token(reference, WIFEXITED(status)
                                 ? fmt::format("ended with status {}", WEXITSTATUS(status))
                                 : "was ended by a signal");
}

Result<std::string> read_reference(const std::string& reference, const Environment& environment) {
  const std::string rest = reference.substr(reference.find(':') + 1);
  if (reference.starts_with("file:")) return read_file(reference, rest);
  if (reference.starts_with("cmd:")) return run_command(reference, rest);
  const auto value = environment.variable(rest);
  if (!value) return no_token(reference, "is not set");
  return *value;
}

// What may stand in a header as it is; a line break would begin another header.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

// Nothing of a short one: four characters would be much of it.
std::string ending_of(std::string_view token) {
  constexpr std::size_t kLong = 16;
  return token.size() < kLong ? "" : fmt::format(" (...{})", token.substr(token.size() - 4));
}

}  // namespace

Result<std::vector<std::string>> resolve_tokens(std::span<const std::string> references,
                                                const Environment& environment,
                                                std::string_view where) {
  std::vector<std::string> tokens;
  for (const std::string& reference : references) {
    const auto text = read_reference(reference, environment);
    if (!text) return fail(text.error().within(where));
    const std::string_view token = trim(*text);
    if (!is_token(token)) {
      const Failure failure{FailureKind::no_token,
                            fmt::format("\"{}\" gives no token: expected one word", reference)};
      return fail(failure.within(where));
    }
    tokens.emplace_back(token);
  }
  return tokens;
}

std::vector<Principal> principals_of(std::span<const std::string> references,
                                     std::span<const std::string> tokens) {
  std::vector<Principal> all;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    all.push_back({digest_of(tokens[i]),
                   fmt::format("token {}{}", printable(references[i]), ending_of(tokens[i]))});
  }
  if (all.empty()) all.push_back({std::string(kAnonymous), "requests without a token"});
  return all;
}

}  // namespace repopipe
