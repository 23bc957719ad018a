#include "pipeline/job/yaml_scalar.h"

#include <algorithm>
#include <array>

namespace repopipe {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool is_one_of(std::string_view text, auto words) {
  return std::ranges::find(words, text) != words.end();
}

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

// Takes digits off the front and says how many.
std::size_t take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?  without the sign
bool is_float(std::string_view text) {
  const bool whole = take_digits(text) > 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text) == 0 && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return consists_of(text, kDigits);
}

}  // namespace

NodeKind kind_of_plain(std::string_view text) {
  using Words = std::array<std::string_view, 6>;
  if (is_one_of(text, std::array<std::string_view, 5>{"", "~", "null", "Null", "NULL"})) {
    return NodeKind::null;
  }
  if (is_one_of(text, Words{"true", "True", "TRUE", "false", "False", "FALSE"})) {
    return NodeKind::boolean;
  }
  if (text.starts_with("0o") && consists_of(text.substr(2), "01234567")) return NodeKind::integer;
  if (text.starts_with("0x") && consists_of(text.substr(2), "0123456789abcdefABCDEF")) {
    return NodeKind::integer;
  }
  if (is_one_of(text, std::array<std::string_view, 3>{".nan", ".NaN", ".NAN"})) {
    return NodeKind::number;
  }
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (consists_of(text, kDigits)) return NodeKind::integer;
  if (is_one_of(text, std::array<std::string_view, 3>{".inf", ".Inf", ".INF"}) || is_float(text)) {
    return NodeKind::number;
  }
  return NodeKind::text;
}

}  // namespace repopipe
