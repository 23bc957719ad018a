// Reads the Link header and the numbers in its addresses, see paging.h.
#include <algorithm>
#include <charconv>

#include "pipeline/base/text.h"
#include "stages/parse/paging.h"

namespace repopipe {
namespace {

struct Link {
  std::string_view target;
  std::string_view parameters;  // from the first ";"
};

// The first position of `wanted` outside double quotes; the size of `text`: none.
std::size_t find_unquoted(std::string_view text, char wanted) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (quoted || text[at] != wanted); ++at) {
    if (text[at] == '"') quoted = !quoted;
  }
  return at;
}

// Removes one link from the front of a header; nothing: there is no complete one.
std::optional<Link> take_link(std::string_view& header) {
  const std::size_t open = header.find('<');
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = header.find('>', open);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view target = header.substr(open + 1, close - open - 1);
  header.remove_prefix(close + 1);
  const std::size_t end = find_unquoted(header, ',');
  const Link link{target, header.substr(0, end)};
  header.remove_prefix(end);
  return link;
}

// Whether `relation` is one of the words.
bool names(std::string_view words, std::string_view relation) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (equal_ignoring_case(words.substr(0, end), relation)) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// Whether the parameters (`; rel="next"; title="..."`) have that relation.
bool has_relation(std::string_view parameters, std::string_view relation) {
  while (!parameters.empty()) {
    parameters.remove_prefix(1);  // the ';'
    const std::size_t end = find_unquoted(parameters, ';');
    const std::string_view parameter = trim(parameters.substr(0, end));
    parameters.remove_prefix(end);
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    if (!equal_ignoring_case(trim(parameter.substr(0, equals)), "rel")) continue;
    std::string_view value = trim(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return names(value, relation);
  }
  return false;
}

// The position of the value of a query parameter; npos: none.
std::size_t find_value(std::string_view target, std::string_view name) {
  for (std::size_t at = target.find('?'); at != std::string_view::npos;
       at = target.find('&', at + 1)) {
    const std::string_view rest = target.substr(at + 1);
    if (rest.starts_with(name) && rest.substr(name.size()).starts_with('=')) {
      return at + 1 + name.size() + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> find_link(std::string_view header, std::string_view relation) {
  while (const auto link = take_link(header)) {
    if (has_relation(link->parameters, relation)) return link->target;
  }
  return std::nullopt;
}

std::optional<int> query_number(std::string_view target, std::string_view name) {
  const std::size_t begin = find_value(target, name);
  if (begin == std::string_view::npos) return std::nullopt;
  int number = 0;
  const char* first = target.data() + begin;
  const char* last = target.data() + std::min(target.find('&', begin), target.size());
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc{} || end != last || number < 1) return std::nullopt;
  return number;
}

std::string with_query_number(std::string_view target, std::string_view name, int number) {
  const std::size_t begin = find_value(target, name);
  std::string changed(target.substr(0, begin));
  if (begin == std::string_view::npos) {
    changed += target.find('?') == std::string_view::npos ? '?' : '&';
    return changed.append(name).append("=") + std::to_string(number);
  }
  changed += std::to_string(number);
  return changed.append(target.substr(std::min(target.find('&', begin), target.size())));
}

}  // namespace repopipe
