#include "stages/parse/mend_values.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace repopipe {
namespace {

constexpr std::size_t kDeepestMended = 64;  // below the list; json_value.cc takes one more

constexpr std::string_view kNoInteger = "0.5";  // no field has fractions

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

// Bytes of the string that begins `text`, with its quotes.
std::size_t length_of_string(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// Bytes of the string or number, or of the one other character, that begins `text`.
std::size_t length_of_lexeme(std::string_view text) {
  if (text[0] == '"') return length_of_string(text);
  if (text[0] != '-' && !is_decimal(text[0])) return 1;
  return std::min(text.find_first_not_of("+-.0123456789eE"), text.size());
}

class ValueMender {
 public:
  // False: a bracket does not fit.
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
  std::string open_;  // the brackets that are awaited, the innermost last
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

}  // namespace repopipe
