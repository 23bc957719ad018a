// Finds user and password in addresses, and credentials in header fields; see secrets.h.
#include <algorithm>
#include <optional>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kEnds = " \t\r\n\"'`<>";

bool is_end_of_address(char c) {
  return kEnds.find(c) != kEnds.npos;
}

std::size_t end_of_address(std::string_view text) {
  return std::min(text.find_first_of(kEnds), text.size());
}

// Length of user and password in `rest`, the text after "://"; 0: none.
std::size_t length_of_userinfo(std::string_view rest) {
  const std::size_t at = rest.rfind('@');
  if (at == rest.npos) return 0;
  const std::size_t slash = rest.find('/');
  if (at < slash) return at;
  // http://user:word/1@host is malformed; http://host:80/@user is not.
  const std::string_view authority = rest.substr(0, slash);
  const std::size_t inner = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  const bool is_port =
      colon == authority.npos || authority.find_first_not_of("0123456789", colon + 1) == rest.npos;
  if (is_port) return inner == authority.npos ? 0 : inner;
  return inner == authority.npos || authority.find(':', inner) == authority.npos ? at : inner;
}

constexpr std::string_view kOpening = "=,;([{|";  // may stand before an address

bool begins_address(std::string_view text, std::size_t at) {
  return at == 0 || is_end_of_address(text[at - 1]) || kOpening.find(text[at - 1]) != kOpening.npos;
}

// The position after "://", or after a "//" that begins an address.
std::optional<std::size_t> end_of_slashes(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("//", from); at != text.npos; at = text.find("//", at + 1)) {
    if ((at > 0 && text[at - 1] == ':') || begins_address(text, at)) return at + 2;
  }
  return std::nullopt;
}

// User and password of "user:word@host", which has no slashes.
std::optional<Userinfo> bare_userinfo(std::string_view word) {
  const std::size_t at = word.rfind('@'), colon = word.find(':');
  if (at == word.npos || at + 1 == word.size()) return std::nullopt;
  if (colon == word.npos || colon + 1 >= at) return std::nullopt;
  const std::size_t opening = word.substr(0, colon).find_last_of(kOpening);
  const std::size_t begin = opening == word.npos ? 0 : opening + 1;
  return Userinfo{begin, at - begin};
}

void find_userinfos(std::string_view word, std::size_t offset, std::vector<Userinfo>& found) {
  auto slashes = end_of_slashes(word, 0);
  if (const auto bare = slashes ? std::nullopt : bare_userinfo(word)) {
    found.push_back({offset + bare->begin, bare->length});
  }
  while (slashes) {
    const std::size_t length = length_of_userinfo(word.substr(*slashes));
    if (length > 0) found.push_back({offset + *slashes, length});
    slashes = end_of_slashes(word, *slashes + length);
  }
}

}  // namespace

std::vector<Userinfo> userinfos_in(std::string_view text) {
  std::vector<Userinfo> found;
  std::size_t begin = 0;
  while (text.find('@', begin) != text.npos) {
    const std::string_view word = text.substr(begin, end_of_address(text.substr(begin)));
    find_userinfos(word, begin, found);
    begin += word.size() + 1;
  }
  return found;
}

std::string without_userinfo(std::string_view text) {
  std::string clean;
  std::size_t done = 0;
  for (const Userinfo& each : userinfos_in(text)) {
    clean.append(text.substr(done, each.begin - done)).append("***");
    done = each.begin + each.length;
  }
  return clean.append(text.substr(done));
}

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

// Whether `word` is Base64 and not a word of a sentence, as in "Basic authentication".
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
    while (word.ends_with('.')) word.remove_suffix(1);  // end of a sentence
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
