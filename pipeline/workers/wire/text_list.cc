#include "pipeline/workers/wire/text_list.h"

#include <algorithm>
#include <cstddef>

namespace repopipe {
namespace {

bool is_hex(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
         (byte >= 'A' && byte <= 'F');
}

// How many characters an escape at the beginning of `text` has; 0: it is none.
std::size_t escape_length(std::string_view text) {
  constexpr std::string_view kShort = R"("\/bfnrt)";
  if (text.size() < 2) return 0;
  if (kShort.find(text[1]) != kShort.npos) return 2;
  constexpr std::size_t kLong = 6;
  if (text[1] != 'u' || text.size() < kLong) return 0;
  return std::ranges::all_of(text.substr(2, 4), is_hex) ? kLong : 0;
}

// Takes a string with its quotes from the beginning; false: there is none.
bool take_string(std::string_view& text) {
  if (!text.starts_with('"')) return false;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (static_cast<unsigned char>(text.front()) < 0x20) return false;
    const std::size_t length = text.front() == '\\' ? escape_length(text) : 1;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  if (text.empty()) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

bool is_text_list(std::string_view text) {
  if (text == "[]") return true;
  if (!text.starts_with('[')) return false;
  do {
    text.remove_prefix(1);
    if (!take_string(text)) return false;
  } while (text.starts_with(','));
  return text == "]";
}

}  // namespace repopipe
