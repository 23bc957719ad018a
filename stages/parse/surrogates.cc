#include "stages/parse/surrogates.h"

#include <charconv>
#include <optional>

namespace repopipe {
namespace {

constexpr std::size_t kEscape = 6;  // "\uXXXX"

// The UTF-16 unit of the escape that begins at `at`, if one does.
std::optional<unsigned> unit_at(std::string_view json, std::size_t at) {
  const std::string_view escape = json.substr(std::min(at, json.size()), kEscape);
  if (escape.size() < kEscape || !escape.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* end = escape.data() + kEscape;
  if (std::from_chars(escape.data() + 2, end, unit, 16).ptr != end) return std::nullopt;
  return unit;
}

bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

std::string mend_surrogates(std::string_view json) {
  std::string mended(json);
  std::size_t at = 0;
  while (at < mended.size()) {
    if (mended[at] != '\\') {
      ++at;
      continue;
    }
    const auto unit = unit_at(mended, at);
    if (!unit) {
      at += 2;  // an escaped backslash is not the begin of the next escape
      continue;
    }
    const auto next = unit_at(mended, at + kEscape);
    if (is_high(*unit) && next && is_low(*next)) {
      at += 2 * kEscape;
      continue;
    }
    if (*unit == 0 || is_high(*unit) || is_low(*unit)) mended.replace(at, kEscape, "\\uFFFD");
    at += kEscape;
  }
  return mended;
}

}  // namespace repopipe
