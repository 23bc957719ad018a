#include "pipeline/command/credentials.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/job/bind.h"
#include "stages/fetch/http_client.h"

namespace repopipe {
std::string digest_of(std::string_view text) {
  constexpr std::size_t kKept = 16;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  [[maybe_unused]] const int done =
      EVP_Digest(text.data(), text.size(), bytes.data(), nullptr, EVP_sha256(), nullptr);
  assert(done == 1);
  std::string digits;
  for (std::size_t i = 0; i < kKept; ++i) digits += fmt::format("{:02x}", bytes[i]);
  return digits;
}

Result<std::optional<std::filesystem::path>> authorities(
    const std::optional<std::filesystem::path>& own, std::string_view base_url,
    const Environment& environment) {
  if (own) return own;
  if (!equal_ignoring_case(base_url.substr(0, 6), "https:")) return std::nullopt;
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const auto value = environment.variable(name);
    if (!value || value->empty()) continue;
    std::string complaint = complaint_about_certificates(*value);
    if (complaint.empty()) return std::filesystem::absolute(*value);
    return fail(FailureKind::job, fmt::format("the environment variable {} is {}: {}", name,
                                              in_quotes(*value, 300), complaint));
  }
  return std::nullopt;
}

namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kCommand = "cmd:";

// "provider.tokens[1]", or "--token 2".
std::string name_of(std::string_view place, std::size_t index) {
  return place.starts_with('-') ? fmt::format("{} {}", place, index + 1)
                                : fmt::format("{}[{}]", place, index);
}

// For a command only its position in the list: its text may contain the secret.
std::string shown(const std::string& reference) {
  return reference.starts_with(kCommand) ? "the command" : in_quotes(reference, 120);
}

tl::unexpected<Failure> no_token(const std::string& reference, std::string_view why) {
  return fail(FailureKind::no_token, fmt::format("{} {}", shown(reference), why));
}

Result<std::string> read_file(const std::string& reference, const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return no_token(reference, fmt::format("cannot be read: {}", std::strerror(errno)));
  return text.str();
}

Result<std::string> run_command(const std::string& reference, const std::string& name,
                                const TokenPlace& place) {
  const auto slow = [&] {
    if (!place.told) return;
    place.told(fmt::format("waits for the command of {}, at most {}", name, show(place.within)));
  };
  const auto text = run_token_command(reference.substr(kCommand.size()), place.within, slow);
  if (text) return text;
  const bool is_late = text.error().message.starts_with("took longer");
  return no_token(reference, text.error().message +
                                 (is_late ? fmt::format(" ({})", place.limit) : std::string()));
}

Result<std::string> read_reference(const std::string& reference, const std::string& name,
                                   const Environment& environment, const TokenPlace& place) {
  if (reference.starts_with(kFile)) return read_file(reference, reference.substr(kFile.size()));
  if (reference.starts_with(kCredential)) {
    const auto file = credential_file(reference.substr(kCredential.size()), environment);
    return file ? read_file(reference, *file)
                : no_token(reference, "cannot be read: " + file.error().message);
  }
  if (reference.starts_with(kCommand)) return run_command(reference, name, place);
  if (!reference.starts_with(kVariable)) {
    add_secret(reference);
    return fail(
        FailureKind::usage,
        fmt::format("expected env:NAME, file:PATH, cmd:COMMAND or credential:NAME, never the "
                    "token itself ({}): put it into an environment variable and write env:NAME",
                    mask(reference)));
  }
  const auto value = environment.variable(reference.substr(kVariable.size()));
  if (!value) return no_token(reference, "is not set");
  return *value;
}

// Whether the text is valid in a header; a line break would start another header.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

Failure not_one_word(const std::string& reference) {
  std::string why = reference.starts_with(kCommand) ? "printed" : "holds";
  why += " no token: expected one word";
  if (reference.starts_with(kCredential)) why += "; does the PATH of its LoadCredential= exist?";
  return no_token(reference, why).value();
}

// Empty for a short token: four characters would reveal much of it.
std::string ending_of(std::string_view token) {
  constexpr std::size_t kLong = 16;
  return token.size() < kLong ? "" : fmt::format(" (...{})", token.substr(token.size() - 4));
}

}  // namespace

Result<std::vector<std::string>> resolve_tokens(std::span<const std::string> references,
                                                const Environment& environment,
                                                const TokenPlace& place) {
  std::vector<std::string> tokens;
  for (const std::string& reference : references) {
    const std::string name = name_of(place.name, tokens.size());
    const auto text = read_reference(reference, name, environment, place);
    if (!text) return fail(text.error().within(name));
    add_secret_words(*text);
    const std::string_view token = trim(*text);
    if (!is_token(token)) return fail(not_one_word(reference).within(name));
    tokens.emplace_back(token);
  }
  return tokens;
}

std::string word_of(const std::vector<TransformStep>& transforms) {
  std::string text;
  for (const TransformStep& step : transforms) {
    text += fmt::format("{}({})\n", step.name, fmt::join(step.columns, ","));
  }
  return text.empty() ? text : digest_of(text);
}

std::vector<Principal> principals_of(std::span<const std::string> references,
                                     std::span<const std::string> tokens, std::string_view place) {
  std::vector<Principal> all;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_command = references[i].starts_with(kCommand);
    const std::string reference = is_command ? name_of(place, i) : printable(references[i]);
    all.push_back({.identity = digest_of(tokens[i]),
                   .name = fmt::format("token {}{}", reference, ending_of(tokens[i])),
                   .reference = reference});
  }
  if (!all.empty()) return all;
  const std::string anonymous(kAnonymous);
  all.push_back(
      {.identity = anonymous, .name = "requests without a token", .reference = anonymous});
  return all;
}

}  // namespace repopipe
