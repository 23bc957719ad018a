#include "pipeline/base/quote.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/utf8.h"

namespace repopipe {
namespace {

constexpr std::size_t kLongestKey = 60;  // bytes of one shown without quotes

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
}  // namespace

std::string in_quotes(std::string_view text, std::size_t longest) {
  const std::string clean = without_secrets(without_tokens(text));
  std::string shown = "\"";
  std::string_view rest = clean;
  for (std::size_t count = 0; !rest.empty(); ++count) {
    if (count == longest) {
      shown += "...";
      break;
    }
    const std::size_t length = character_length(rest);
    const auto first = static_cast<unsigned char>(rest.front());
    if (length == 0 || first < 0x20 || first == 0x7f) {
      shown += fmt::format("\\x{:02x}", first);
    } else if (const char32_t character = first_character(rest); is_invisible(character)) {
      shown += fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(character));
    } else {
      shown += rest.substr(0, length);
    }
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown + '"';
}

std::string shown_key(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_word(c) || c == '-' || c == '.' || c == '<';
  });
  if (!plain || text.size() > kLongestKey || holds_token(text)) return in_quotes(text);
  return std::string(text);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

}  // namespace repopipe
