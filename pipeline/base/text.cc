#include "pipeline/base/text.h"

#include <algorithm>

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
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
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
  const std::string text = without_secrets(foreign);  // before a cut could leave half of one
  std::string line = text.substr(0, most);
  std::ranges::replace_if(
      line, [](char c) { return c < ' ' || c > '~'; }, '?');
  if (text.size() > most) line += "...";
  return line;
}

}  // namespace repopipe
