#include "pipeline/model/queue_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace repopipe {
namespace {

constexpr std::string_view kScheme = "redis://";
constexpr std::string_view kPrefix = "prefix=";
constexpr std::string_view kNoHost = "has no host: expected redis://HOST:PORT/DATABASE";
constexpr std::string_view kWrongPort = "has a wrong port: expected a number from 1 to 65535";
constexpr int kMostDatabases = 65535;

std::optional<int> number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

// RFC 3986, section 2.1; nothing: a "%" without two hex digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    unsigned code = 0;
    if (text.size() < 3) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, code, 16);
    if (error != std::errc{} || end != text.data() + 3) return std::nullopt;
    decoded.push_back(static_cast<char>(code));
    text.remove_prefix(3);
  }
  return decoded;
}

// Removes the text before `mark` and the mark, or all text, from the front of `text`.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

// Reads user and password into `address`.  Returns what is wrong; empty: nothing.
std::string read_credentials(std::string_view text, QueueAddress& address) {
  const std::string_view user = take_until(text, ':');
  auto name = percent_decoded(user);
  auto password = percent_decoded(text);
  if (!name || !password) return "has a % in its user or password that no two digits follow";
  address.user = std::move(*name);
  address.password = std::move(*password);
  address.encoded_password = text;
  return {};
}

std::string read_host(std::string_view text, QueueAddress& address) {
  std::string_view port = text;
  std::string_view host;
  if (text.starts_with('[')) {  // IPv6
    port.remove_prefix(1);
    if (text.find(']') == text.npos) return std::string(kNoHost);
    host = take_until(port, ']');
    if (!port.empty() && !port.starts_with(':')) return std::string(kWrongPort);
    if (!port.empty()) port.remove_prefix(1);
  } else {
    host = take_until(port, ':');
  }
  const bool printable = std::ranges::all_of(host, [](char c) { return c > ' ' && c < 127; });
  if (host.empty() || !printable) return std::string(kNoHost);
  address.host = host;
  if (port.empty()) return {};
  const auto read = number(port, 1, 65535);
  if (!read) return std::string(kWrongPort);
  address.port = *read;
  return {};
}

std::string read_query(std::string_view text, QueueAddress& address) {
  if (text.empty()) return {};
  if (!text.starts_with(kPrefix)) return "has an unknown setting behind ?: expected ?prefix=NAME";
  text.remove_prefix(kPrefix.size());
  const bool good = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
  if (text.empty() || !good) return "has a wrong prefix: expected letters, digits and -_.:";
  address.prefix = text;
  return {};
}

}  // namespace

std::string QueueAddress::shown() const {
  const bool is_ipv6 = host.find(':') != host.npos;
  return fmt::format("redis://{}{}{}:{}/{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port,
                     database);
}

ParsedQueueAddress parse_queue_address(std::string_view text) {
  ParsedQueueAddress parsed;
  if (text.starts_with("rediss://")) {
    parsed.complaint = "asks for TLS, which is not supported: use a tunnel, or a private network";
    return parsed;
  }
  if (!text.starts_with(kScheme)) {
    parsed.complaint = "is not valid: expected redis://HOST:PORT/DATABASE, or env:NAME";
    return parsed;
  }
  text.remove_prefix(kScheme.size());
  std::string_view query = text;
  std::string_view path = take_until(query, '?');
  std::string_view authority = take_until(path, '/');
  const std::size_t at = authority.rfind('@');
  if (at != authority.npos) {
    parsed.complaint = read_credentials(authority.substr(0, at), parsed.address);
    authority.remove_prefix(at + 1);
  }
  if (parsed.complaint.empty()) parsed.complaint = read_host(authority, parsed.address);
  if (parsed.complaint.empty()) parsed.complaint = read_query(query, parsed.address);
  if (!parsed.complaint.empty() || path.empty()) return parsed;
  const auto database = number(path, 0, kMostDatabases);
  if (!database) parsed.complaint = "has a wrong database: expected a number behind the /";
  parsed.address.database = database.value_or(0);
  return parsed;
}

}  // namespace repopipe
