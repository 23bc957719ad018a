#include "pipeline/base/base_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "pipeline/base/quote.h"
#include "pipeline/base/text.h"

namespace repopipe {
namespace {

// The part behind "http://" or "https://"; empty when there is no such beginning.
std::string_view behind_scheme(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equal_ignoring_case(url.substr(0, scheme.size()), scheme)) return url.substr(scheme.size());
  }
  return {};
}

// Where the host ends; npos when it is empty or cannot be one.
std::size_t end_of_host(std::string_view authority) {
  if (authority.starts_with('[')) {  // IPv6
    const std::size_t end = authority.find(']');
    const bool legal = end != authority.npos && end > 1 &&
                       authority.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") ==
                           authority.npos;
    return legal ? end + 1 : authority.npos;
  }
  const std::size_t end = std::min(authority.find(':'), authority.size());
  const bool legal = end > 0 && std::ranges::all_of(authority.substr(0, end), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
                     });
  return legal ? end : authority.npos;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

std::string_view reason(std::string_view url) {
  const std::string_view rest = behind_scheme(url);
  if (rest.empty()) return "expected an address that begins with https:// or http://";
  if (url.find('?') != url.npos) return "an address without a query (?) is needed";
  if (url.find('#') != url.npos) return "an address without a fragment (#) is needed";
  const bool printable = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!printable) return "an address has no blanks and no letters beyond ASCII";
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::size_t end = end_of_host(authority);
  if (end == authority.npos) return "this address has no valid host";
  const std::string_view port = authority.substr(end);
  if (!port.empty() && (port.front() != ':' || !is_port(port.substr(1)))) {
    return "a port is a number from 1 to 65535";
  }
  return {};
}

}  // namespace

BaseUrl check_base_url(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::string_view rest = scheme == text.npos ? text : text.substr(scheme + 3);
  if (rest.substr(0, rest.find_first_of("/?#")).find('@') != rest.npos) {  // never shown
    return {{}, "holds a user name or a password: tokens go into provider.tokens"};
  }
  const std::string_view why = reason(text);
  if (!why.empty()) return {{}, fmt::format("is {}: {}", in_quotes(text), why)};
  while (text.ends_with('/')) text.remove_suffix(1);
  return {std::string(text), {}};
}

std::string host_of(std::string_view url) {
  const std::string_view rest = behind_scheme(url);
  const std::string_view authority = rest.substr(0, rest.find('/'));
  std::string host =
      fold_case(authority.substr(0, std::min(end_of_host(authority), authority.size())));
  if (host.size() > 1 && host.ends_with('.')) host.pop_back();
  return host;
}

}  // namespace repopipe
