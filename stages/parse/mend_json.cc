#include "stages/parse/mend_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::size_t kEscape = 6;  // "\uXXXX"

// The UTF-16 unit of the escape at `at`, if there is one.
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
      at += 2;  // an escaped backslash does not begin another escape
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

namespace {

constexpr std::size_t kDeepestMended = 64;  // below the list; json_value.cc allows one more

constexpr std::string_view kNoInteger = "0.5";  // no field accepts a fraction

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

bool drop_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(end);
  return end > 0;
}

// RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool is_padded = text.size() > 1 && text[0] == '0' && is_decimal(text[1]);
  if (is_padded || !drop_digits(text)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!drop_digits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!drop_digits(text)) return false;
  }
  return text.empty();
}

bool is_beyond_double(std::string_view text) {
  if (!is_json_number(text)) return false;
  double value = 0;
  const char* end = text.data() + text.size();
  return std::from_chars(text.data(), end, value).ec == std::errc::result_out_of_range;
}

// Bytes of the quoted string at the start of `text`.
std::size_t length_of_string(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// Bytes of the string, number or other character at the start of `text`.
std::size_t length_of_lexeme(std::string_view text) {
  if (text[0] == '"') return length_of_string(text);
  if (text[0] != '-' && !is_decimal(text[0])) return 1;
  return std::min(text.find_first_not_of("+-.0123456789eE"), text.size());
}

class ValueMender {
 public:
  // False: an unmatched bracket.
  bool take(std::string_view lexeme) {
    const char c = lexeme[0];
    if (c == '[' || c == '{') {
      if (open_.size() == kDeepestMended + 1) text_ += "null";
      open_ += c == '[' ? ']' : '}';
    }
    if (open_.size() <= kDeepestMended + 1) put(lexeme);
    if (c != ']' && c != '}') return true;
    if (!open_.ends_with(c)) return false;
    open_.pop_back();
    return true;
  }

  std::string text() && { return std::move(text_); }

 private:
  void put(std::string_view lexeme) { text_ += is_beyond_double(lexeme) ? kNoInteger : lexeme; }

  std::string text_;
  std::string open_;  // the expected closing brackets, innermost last
};

}  // namespace

std::optional<std::string> mend_values(std::string_view json) {
  ValueMender mender;
  for (std::string_view rest = json; !rest.empty();) {
    const std::size_t length = length_of_lexeme(rest);
    if (!mender.take(rest.substr(0, length))) return std::nullopt;
    rest.remove_prefix(length);
  }
  std::string mended = std::move(mender).text();
  if (mended == json) return std::nullopt;
  return mended;
}

namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Whether the byte after `at` is within the bounds.
bool lies_in(std::string_view text, std::size_t at, unsigned char least, unsigned char most) {
  if (at >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  return least <= byte && byte <= most;
}

// Bytes of the character at `at` (RFC 3629, section 4); 0: invalid.
std::size_t length_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return lies_in(text, at + 1, 0x80, 0xBF) ? 2 : 0;
  const bool is_long = lead >= 0xF0;
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!lies_in(text, at + 1, least, most) || !lies_in(text, at + 2, 0x80, 0xBF)) return 0;
  if (!is_long) return 3;
  return lies_in(text, at + 3, 0x80, 0xBF) ? 4 : 0;
}

}  // namespace

std::optional<std::string> mend_json(std::string_view json) {
  const std::string_view text = json.starts_with(kMark) ? json.substr(kMark.size()) : json;
  std::string mended;
  mended.reserve(text.size() + 64);
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_at(text, at);
    const char c = text[at];
    if (length == 0) {
      mended += kReplacement;
    } else if (in_string && c >= 0 && c < ' ') {
      mended += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      mended.append(text, at, length);
    }
    if (in_string && c == '\\' && at + 1 < text.size() &&
        static_cast<signed char>(text[at + 1]) > ' ') {
      mended += text[++at];
    } else if (c == '"') {
      in_string = !in_string;
    }
    at += std::max<std::size_t>(length, 1);
  }
  if (mended == json) return std::nullopt;
  return mended;
}

}  // namespace repopipe
