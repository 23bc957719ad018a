#include "tests/simulator/target.h"

#include <algorithm>
#include <charconv>

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kMostPerPage = 100;

// The whole text as a number.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, byte, 16).ptr == &text[i + 1] + 2) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// Removes the text before `separator`, and the separator, from the front of `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

void read_parameters(std::string_view query, Target& target) {
  while (!query.empty()) {
    const std::string_view parameter = take_until(query, '&');
    std::string_view value = parameter;
    const std::string_view name = take_until(value, '=');
    if (name == "page") {
      target.page = std::max<std::uint64_t>(1, number(value).value_or(1));
      continue;
    }
    if (name == "per_page") {
      const std::uint64_t wanted = number(value).value_or(0);
      if (wanted > 0) target.per_page = std::min(wanted, kMostPerPage);
    }
    if (!target.parameters.empty()) target.parameters += '&';
    target.parameters += parameter;
  }
}

// /orgs/LOGIN/members and /organizations/ID/members.
std::optional<Target> members_target(std::string_view collection, const std::string& name,
                                     std::string_view path, std::string_view query) {
  Target target;
  target.kind = PageKind::members;
  if (path != "members") return std::nullopt;
  if (collection == "orgs" && !name.empty()) {
    target.account = name;
  } else if (collection == "organizations" && number(name)) {
    target.account = *number(name);
  } else {
    return std::nullopt;
  }
  read_parameters(query, target);
  return target;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  Target target;
  std::string_view path = take_until(text, '?');
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  const std::string_view collection = take_until(path, '/');
  const std::string name = percent_decoded(take_until(path, '/'));
  if (collection == "users" && !name.empty()) {
    target.account = name;
  } else if (collection == "user" && number(name)) {
    target.account = *number(name);
  } else {
    return members_target(collection, name, path, text);
  }
  if (!path.empty() && path != "repos") return std::nullopt;
  target.kind = path.empty() ? PageKind::account : PageKind::listing;
  read_parameters(text, target);
  return target;
}

}  // namespace repopipe::simulator
