#include "pipeline/base/userinfo.h"

#include <algorithm>
#include <optional>

namespace repopipe {
namespace {

constexpr std::string_view kEnds = " \t\r\n\"'`<>";

bool is_end_of_address(char c) {
  return kEnds.find(c) != kEnds.npos;
}

std::size_t end_of_address(std::string_view text) {
  return std::min(text.find_first_of(kEnds), text.size());
}

// How much of what follows "://" is user and password; 0: nothing.
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

// Behind "://", and behind "//" that begins an address.
std::optional<std::size_t> end_of_slashes(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("//", from); at != text.npos; at = text.find("//", at + 1)) {
    if ((at > 0 && text[at - 1] == ':') || begins_address(text, at)) return at + 2;
  }
  return std::nullopt;
}

// "user:word@host", without slashes.
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

}  // namespace repopipe
