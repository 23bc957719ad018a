#include "pipeline/base/userinfo.h"

#include <algorithm>

namespace repopipe {

std::size_t end_of_address(std::string_view text) {
  return std::min(text.find_first_of(" \t\r\n\"'`<>"), text.size());
}

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

std::string without_userinfo(std::string_view text) {
  std::string clean;
  std::size_t scheme = text.find("://");
  while (scheme != text.npos) {
    clean += text.substr(0, scheme + 3);
    text.remove_prefix(scheme + 3);
    const std::size_t length = length_of_userinfo(text.substr(0, end_of_address(text)));
    if (length > 0) clean += "***";
    text.remove_prefix(length);
    scheme = text.find("://");
  }
  return clean.append(text);
}

}  // namespace repopipe
