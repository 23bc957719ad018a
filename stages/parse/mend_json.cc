#include "stages/parse/mend_json.h"

#include <fmt/format.h>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Whether the byte behind `at` is within these bounds.
bool lies_in(std::string_view text, std::size_t at, unsigned char least, unsigned char most) {
  if (at >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  return least <= byte && byte <= most;
}

// Bytes of the character at `at`, by the table of RFC 3629, section 4; 0: it is none.
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
