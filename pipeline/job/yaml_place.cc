#include "pipeline/job/yaml_place.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "pipeline/job/quote.h"

namespace repopipe {
namespace {

// What yaml-cpp says (exceptions.h), and what a person can do with.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kWords{{
    {"illegal map value", "a \": \" cannot stand here; text with a colon and a blank needs quotes"},
    {"illegal map key", "a key cannot stand here; look at the indentation"},
    {"illegal block entry", "a \"- \" cannot stand here; a dash that is text needs quotes"},
    {"end of map not found", "the indentation does not fit the lines before"},
    {"end of sequence not found", "the indentation does not fit the list before"},
    {"end of map flow not found", "a { is not closed, or a comma is missing"},
    {"end of sequence flow not found", "a [ is not closed, or a comma is missing"},
    {"illegal EOF in scalar", "a quote is not closed"},
    {"illegal flow end", "a ] or } that closes nothing"},
    {"illegal document indicator in scalar", "a quote is not closed"},
    {"the referenced anchor is not defined", "no anchor of this name stands before the alias"},
    {"illegal tab when looking for indentation", "YAML wants spaces for indentation, not tabs"},
    {"unknown token", "text that begins with this character needs quotes"},
    {"unexpected end map token", "a } that closes nothing"},
}};

// The first line up to `last` (counted from 0) with a tab in its indentation.
std::optional<Position> tab_in_indentation(std::string_view text, int last) {
  for (int line = 0; line <= last && !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = text.substr(0, end);
    const std::size_t indent = std::min(content.find_first_not_of(" \t\r"), content.size());
    const std::size_t tab = content.substr(0, indent).find('\t');
    const bool blank = indent == content.size() || content[indent] == '#';
    if (tab != std::string_view::npos && !blank)
      return Position{line + 1, static_cast<int>(tab) + 1};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

}  // namespace

Position YamlPlaces::at(const YAML::Mark& mark) {
  if (mark.line < 0) return {};
  const std::size_t offset = std::min(static_cast<std::size_t>(mark.pos), text_.size());
  const std::size_t start = offset - std::min(offset, static_cast<std::size_t>(mark.column));
  if (start != line_start_ || offset < line_start_) {
    line_start_ = offset_ = start;
    column_ = 1;
  }
  const auto [from, to] = std::minmax(offset, offset_);
  const int between = static_cast<int>(count_characters(text_.substr(from, to - from)));
  column_ += offset < offset_ ? -between : between;
  offset_ = offset;
  return {mark.line + 1, column_};
}

YamlPlaces::Explained YamlPlaces::explain(const YAML::Mark& mark, const std::string& message) {
  const Position place = at(mark);
  const auto known = std::ranges::find(kWords, message, &decltype(kWords)::value_type::first);
  if (known == kWords.end()) return {place, message};
  if (const auto tab = tab_in_indentation(text_, mark.line)) {
    return {*tab, "a tab in the indentation: YAML wants spaces"};
  }
  if (message == "unknown token" && text_.substr(offset_).starts_with('@')) {
    return {place, "text that begins with @ needs quotes; a username goes without the @"};
  }
  return {place, std::string(known->second)};
}

}  // namespace repopipe
