#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "pipeline/base/secrets.h"

namespace repopipe {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), lower);
  return folded;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string wrapped(std::string_view text, std::size_t indent) {
  constexpr std::size_t kColumns = 80;
  std::string lines;
  while (indent + text.size() > kColumns) {
    const std::size_t end = text.rfind(' ', kColumns - indent);
    if (end == text.npos) break;
    lines.append(text.substr(0, end)).append(1, '\n').append(indent, ' ');
    text.remove_prefix(end + 1);
  }
  return lines.append(text);
}

std::string printable(std::string_view foreign, std::size_t most) {
  const std::string text = without_secrets(foreign);  // before cutting, which may split one
  std::string line = text.substr(0, most);
  std::ranges::replace_if(
      line, [](char c) { return c < ' ' || c > '~'; }, '?');
  if (text.size() > most) line += "...";
  return line;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? kDigits[group >> (18 - 6 * i) & 63U] : '=';
    }
  }
  return out;
}

namespace {

struct Lead {
  std::size_t length;
  unsigned char second_from;
  unsigned char second_to;
};

// RFC 3629, section 4: the second byte's range excludes overlong forms and surrogates.
Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// Unicode 15: Zs except U+0020, Zl, Zp, Cc, Cf, fillers and variation selectors.
constexpr std::array<std::pair<char32_t, char32_t>, 22> kInvisible{
    {{0x00, 0x1F},       {0x7F, 0xA0},      {0xAD, 0xAD},     {0x034F, 0x034F}, {0x061C, 0x061C},
     {0x115F, 0x1160},   {0x1680, 0x1680},  {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
     {0x2028, 0x202F},   {0x205F, 0x206F},  {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
     {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
     {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}}};

}  // namespace

bool is_invisible(char32_t character) {
  return std::ranges::any_of(kInvisible, [=](const auto& range) {
    return character >= range.first && character <= range.second;
  });
}

char32_t first_character(std::string_view text) {
  const std::size_t length = character_length(text);
  const auto lead = static_cast<unsigned char>(text.front());
  constexpr std::array<unsigned char, 5> kLeadBits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t character = lead & kLeadBits.at(length);
  for (const char c : text.substr(1, length - 1)) {
    character = character << 6 | (static_cast<unsigned char>(c) & 0x3F);
  }
  return character;
}

std::string_view foreign_encoding(std::string_view beginning) {
  using namespace std::string_view_literals;
  if (beginning.starts_with("\xFF\xFE\0\0"sv) || beginning.starts_with("\0\0\xFE\xFF"sv)) {
    return "UTF-32";
  }
  if (beginning.starts_with("\xFF\xFE"sv) || beginning.starts_with("\xFE\xFF"sv)) return "UTF-16";
  if (beginning.size() < 4) return {};
  const auto is_zero = [&](std::size_t at) { return beginning[at] == '\0'; };
  const bool is_little = !is_zero(0) && is_zero(1) && !is_zero(2) && is_zero(3);
  const bool is_big = is_zero(0) && !is_zero(1) && is_zero(2) && !is_zero(3);
  return is_little || is_big ? "UTF-16"sv : ""sv;
}

std::string words_of_encoding(std::string_view foreign) {
  const std::string name(foreign);
  return "it is " + name + ", not UTF-8; convert it: iconv -f " + name +
         " -t UTF-8 FILE > NEW_FILE";
}

std::size_t character_length(std::string_view text) {
  if (text.empty()) return 0;
  const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
  if (lead.length < 2) return lead.length;
  if (text.size() < lead.length) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  if (second < lead.second_from || second > lead.second_to) return 0;
  for (const char c : text.substr(2, lead.length - 2)) {
    if (!is_continuation(c)) return 0;
  }
  return lead.length;
}

namespace {

constexpr std::size_t kLongestKey = 60;  // in bytes, without quotes

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
