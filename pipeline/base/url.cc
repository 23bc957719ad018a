#include "pipeline/base/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

}  // namespace

std::string percent_encode(std::string_view segment) {
  std::string encoded;
  encoded.reserve(segment.size());
  for (const char c : segment) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

namespace {

struct Address {
  std::string origin;  // scheme and authority in lower case, without a default port
  std::string path;    // and query
};

std::optional<Address> split(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::size_t path = std::min(url.find_first_of("/?", scheme + 3), url.size());
  std::string origin = fold_case(url.substr(0, path));
  const bool is_default = (origin.starts_with("https:") && origin.ends_with(":443")) ||
                          (origin.starts_with("http:") && origin.ends_with(":80"));
  if (is_default) origin.erase(origin.rfind(':'));
  return Address{std::move(origin), std::string(url.substr(path))};
}

std::string_view without_query(std::string_view path) {
  return path.substr(0, path.find('?'));
}

// Resolves `reference` against `from` (RFC 3986, section 5.2.2).
std::optional<Address> resolve(const Address& from, std::string_view reference) {
  const std::string_view path = without_query(reference);
  std::string scheme = from.origin.substr(0, from.origin.find("//"));
  if (path.starts_with("//")) return split(scheme.append(reference));
  if (path.substr(0, path.find('/')).find(':') != std::string_view::npos) return split(reference);
  if (path.starts_with('/')) return Address{from.origin, std::string(reference)};
  const std::string_view own = without_query(from.path);
  const std::size_t kept = path.empty() ? own.size() : own.rfind('/') + 1;
  return Address{from.origin, std::string(own.substr(0, kept)).append(reference)};
}

// 1 for ".", 2 for "..", else 0; also if percent-encoded, because the server may decode it first.
int dots_of(std::string_view segment) {
  int dots = 0;
  while (!segment.empty()) {
    const bool is_encoded = equal_ignoring_case(segment.substr(0, 3), "%2e");
    if (!is_encoded && segment.front() != '.') return 0;
    segment.remove_prefix(is_encoded ? 3 : 1);
    ++dots;
  }
  return dots <= 2 ? dots : 0;
}

std::string without_dots(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const int dots = dots_of(segment);
    if (dots == 2 && !plain.empty()) plain.erase(plain.rfind('/'));
    if (dots == 0) plain.append("/").append(segment);
    if (dots != 0 && path.empty()) plain += '/';
  }
  return plain;
}

struct Led {  // from `base` to `full`
  Address base;
  Address full;

  bool is_elsewhere() const { return full.origin != base.origin; }
};

std::optional<Led> follow(std::string_view base_url, std::string_view target,
                          std::string_view reference) {
  const auto is_no_url = [](char c) { return (c >= '\0' && c <= ' ') || c == '\x7f'; };
  if (std::ranges::any_of(reference, is_no_url)) return std::nullopt;
  reference = reference.substr(0, reference.find('#'));
  auto base = split(base_url);
  if (!base) return std::nullopt;
  auto full = resolve({base->origin, std::string(base->path).append(target)}, reference);
  if (!full || !full->path.starts_with('/')) return std::nullopt;
  return Led{std::move(*base), std::move(*full)};
}

}  // namespace

std::optional<std::string> target_below(std::string_view base_url, std::string_view target,
                                        std::string_view reference) {
  const auto led = follow(base_url, target, reference);
  if (!led || led->is_elsewhere()) return std::nullopt;
  const std::string_view path = without_query(led->full.path);
  std::string below = without_dots(path);
  if (!below.starts_with(led->base.path)) return std::nullopt;
  below.erase(0, led->base.path.size());
  if (!below.starts_with('/')) return std::nullopt;
  return below.append(std::string_view(led->full.path).substr(path.size()));
}

std::optional<std::string> path_of(std::string_view base_url, std::string_view target,
                                   std::string_view reference) {
  const auto led = follow(base_url, target, reference);
  if (!led) return std::nullopt;
  const std::string_view path = without_query(led->full.path);
  return without_dots(path).append(std::string_view(led->full.path).substr(path.size()));
}

std::string origin_of(std::string_view base_url, std::string_view target,
                      std::string_view reference) {
  auto led = follow(base_url, target, reference);
  if (!led) return {};
  std::string& origin = led->full.origin;
  const std::size_t user = origin.find("://") + 3, at = origin.rfind('@');
  if (at != origin.npos) origin.erase(user, at + 1 - user);
  return std::move(origin);
}

bool is_elsewhere(std::string_view base_url, std::string_view target, std::string_view reference) {
  const auto led = follow(base_url, target, reference);
  return led && led->is_elsewhere();
}

namespace {

// The part after "http://" or "https://"; empty: neither.
std::string_view behind_scheme(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equal_ignoring_case(url.substr(0, scheme.size()), scheme)) return url.substr(scheme.size());
  }
  return {};
}

// The end of the host; npos: it is empty or invalid.
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
  if (rest.substr(0, rest.find_first_of("/?#")).find('@') != rest.npos) {  // never print it
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
