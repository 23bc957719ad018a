#include "pipeline/job/quote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pipeline/job/utf8.h"

namespace repopipe {
namespace {

constexpr std::size_t kLongestKey = 60;     // bytes of one shown without quotes
constexpr std::size_t kShortestToken = 16;  // characters behind the prefix
constexpr std::array<std::string_view, 6> kTokenPrefixes{"ghp_", "gho_", "ghu_",
                                                         "ghs_", "ghr_", "github_pat_"};
constexpr std::size_t kClassicToken = 40;  // hex digits; GitHub's tokens before April 2021

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// `word` is a longest run of word characters.  Where in it a token begins; npos: nowhere.
std::size_t token_in(std::string_view word) {
  for (const std::string_view prefix : kTokenPrefixes) {
    const std::size_t at = word.find(prefix);
    if (at != std::string_view::npos && word.size() - at >= prefix.size() + kShortestToken)
      return at;
  }
  if (word.size() == kClassicToken && std::ranges::all_of(word, is_hex)) return 0;
  return std::string_view::npos;
}

// Copies `text` with every token masked.
std::string without_tokens(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, is_word);
    const auto length = static_cast<std::size_t>(end - text.begin());
    const std::string_view word = text.substr(0, length);
    const std::size_t token = token_in(word);
    clean += word.substr(0, token);
    if (token != std::string_view::npos) clean += mask(word.substr(token));
    text.remove_prefix(length);
    if (text.empty()) break;
    clean += text.front();
    text.remove_prefix(1);
  }
  return clean;
}

}  // namespace

bool holds_token(std::string_view text) {
  return without_tokens(text) != text;
}

std::string mask(std::string_view secret) {
  constexpr std::size_t kShown = 4;
  if (secret.size() < 4 * kShown) return "...";
  const std::string_view tail = secret.substr(secret.size() - kShown);
  return std::ranges::all_of(tail, is_word) ? fmt::format("...{}", tail) : "...";
}

std::string in_quotes(std::string_view text, std::size_t longest) {
  const std::string clean = without_tokens(text);
  std::string shown = "\"";
  std::string_view rest = clean;
  for (std::size_t count = 0; !rest.empty(); ++count) {
    if (count == longest) {
      shown += "...";
      break;
    }
    const std::size_t length = character_length(rest);
    const auto first = static_cast<unsigned char>(rest.front());
    if (length == 0 || first < 0x20 || first == 0x7f) {
      shown += fmt::format("\\x{:02x}", first);
    } else {
      shown += rest.substr(0, length);
    }
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown + '"';
}

std::string shown_key(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_word(c) || c == '-' || c == '.' || c == '<';
  });
  if (!plain || text.size() > kLongestKey || holds_token(text)) return in_quotes(text);
  return std::string(text);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

}  // namespace repopipe
