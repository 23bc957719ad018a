#include "pipeline/base/credentials.h"

#include <algorithm>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::size_t kShortestBearer = 16;
constexpr std::size_t kShortestBasic = 8;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_bearer_token(std::string_view word) {
  return word.size() >= kShortestBearer && std::ranges::any_of(word, is_digit);
}

// Base64 that is no word of a sentence: "Basic authentication", "BASIC REALM".
bool is_base64(std::string_view word) {
  const std::size_t end = std::min(word.find_last_not_of('=') + 1, word.size());
  const std::string_view digits = word.substr(0, end);
  const auto is_sign = [](char c) { return c == '+' || c == '/' || c == '-' || c == '_'; };
  const bool is_legal = std::ranges::all_of(
      digits, [&](char c) { return is_digit(c) || is_capital(c) || is_small(c) || is_sign(c); });
  if (word.size() < kShortestBasic || digits.empty() || !is_legal) return false;
  const std::string_view inner = digits.substr(1);
  const bool is_mixed =
      std::ranges::any_of(inner, is_capital) && std::ranges::any_of(digits, is_small);
  return is_mixed || digits.size() < word.size() || std::ranges::any_of(digits, is_digit);
}

template <class IsSecret>
std::string without_what_follows(std::string_view scheme, std::string_view text,
                                 const IsSecret& is_secret) {
  const std::string folded = fold_case(text);
  std::string clean;
  std::size_t done = 0;
  for (std::size_t at = folded.find(scheme); at != folded.npos; at = folded.find(scheme, done)) {
    const std::size_t blanks = at + scheme.size();
    const std::size_t begin = std::min(text.find_first_not_of(' ', blanks), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'`,;<>", begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    while (word.ends_with('.')) word.remove_suffix(1);  // of the sentence
    clean.append(text.substr(done, begin - done)).append(is_secret(word) ? mask(word) : word);
    done = begin + word.size();
  }
  return clean.append(text.substr(done));
}

}  // namespace

std::string without_credentials(std::string_view text) {
  const std::string clean = without_what_follows("bearer ", text, is_bearer_token);
  return without_what_follows("basic ", clean, is_base64);
}

}  // namespace repopipe
