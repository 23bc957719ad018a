#include "pipeline/job/document/yaml_place.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kEndInQuote = "illegal document indicator in scalar";
constexpr std::string_view kStrangeStart = "unknown token";
constexpr std::string_view kEndOfMap = "end of map not found";
constexpr std::string_view kEndOfList = "end of sequence not found";
constexpr std::string_view kOpenBracket = "this bracket is not closed";
constexpr std::string_view kMoreText =
    "more text follows the value; text that holds quotes needs others around it";
constexpr std::string_view kStrangeEscape = "unknown escape character: ";  // and a byte, as it is

// Messages of yaml-cpp (exceptions.h), and the messages of this program for them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kWords{{
    {"illegal map value",
     "a \": \" is not allowed here; text with a colon and a blank needs quotes"},
    {"illegal map key", "a key is not allowed here; check the indentation"},
    {"illegal block entry", "a \"- \" is not allowed here; a dash that is text needs quotes"},
    {kEndOfMap, "the indentation does not fit the lines before"},
    {kEndOfList, "the indentation does not fit the list before"},
    {"end of map flow not found", "expected a comma or } here"},
    {"end of sequence flow not found", "expected a comma or ] here"},
    {"illegal EOF in scalar", "a quote is not closed"},
    {"illegal flow end", "a ] or } that closes nothing"},
    {kEndInQuote, "a quote is not closed"},
    {"the referenced anchor is not defined", "there is no anchor of this name before the alias"},
    {"illegal tab when looking for indentation", "YAML requires spaces for indentation, not tabs"},
    {kStrangeStart, "text that begins with this character needs quotes"},
    {"unexpected end map token", "a } that closes nothing"},
}};

bool begins_word(std::string_view text, std::size_t at) {
  return at == 0 || std::string_view(" \t\n,:[{").find(text[at - 1]) != text.npos;
}

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
  return at_offset(offset);
}

Position YamlPlaces::at_offset(std::size_t offset) {
  if (offset < offset_) {  // back within the line if possible
    const std::string_view between = text_.substr(offset, offset_ - offset);
    if (between.find('\n') == between.npos) {
      column_ -= static_cast<int>(count_characters(between));
      offset_ = offset;
      return {line_, column_};
    }
    offset_ = 0;
    line_ = column_ = 1;
  }
  std::string_view between = text_.substr(offset_, offset - offset_);
  const auto lines = static_cast<int>(std::ranges::count(between, '\n'));
  if (lines > 0) {
    line_ += lines;
    column_ = 1;
    between.remove_prefix(between.rfind('\n') + 1);
  }
  column_ += static_cast<int>(count_characters(between));
  offset_ = offset;
  return {line_, column_};
}

bool YamlPlaces::has_tag(const YAML::Mark& mark) const {
  if (mark.line < 0 || beyond_end(mark)) return false;
  std::string_view node = text_.substr(static_cast<std::size_t>(mark.pos));
  if (node.starts_with('&')) {  // an anchor may come before a tag
    node.remove_prefix(std::min(node.find_first_of(" \t\r\n"), node.size()));
    node.remove_prefix(std::min(node.find_first_not_of(" \t\r\n"), node.size()));
  }
  return node.starts_with('!');
}

bool YamlPlaces::is_within_line(const YAML::Mark& mark) const {
  const std::string_view before = text_.substr(0, static_cast<std::size_t>(std::max(mark.pos, 0)));
  const std::size_t begin = before.rfind('\n') + 1;  // 0 on the first line
  return before.find_first_not_of(" \t\r", begin) != before.npos;
}

bool YamlPlaces::is_unclosed_bracket(const YAML::Mark& mark) const {
  if (mark.line < 0 || beyond_end(mark)) return false;
  const std::string_view rest = text_.substr(static_cast<std::size_t>(mark.pos));
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
      if (c == '\\' && quote == '"') ++i;
    } else if ((c == '"' || c == '\'') && begins_word(rest, i)) {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if ((c == ']' || c == '}') && --depth == 0) {
      return false;
    }
  }
  return depth > 0;
}

Position YamlPlaces::unclosed_quote() {
  std::size_t found = 0;
  for (std::size_t at = text_.find_first_of("\"'"); at != text_.npos;
       at = text_.find_first_of("\"'", at + 1)) {
    if (begins_word(text_, at)) found = at;
  }
  return at_offset(found);
}

YamlPlaces::Explained YamlPlaces::explain(const YAML::Mark& mark, const std::string& message,
                                          Position open) {
  const auto known = std::ranges::find(kWords, message, &decltype(kWords)::value_type::first);
  if (message.starts_with(kStrangeEscape)) {  // the mark is after the backslash and that byte
    return {at_offset(static_cast<std::size_t>(std::max(mark.pos, 2)) - 2),
            "no such escape: in double quotes a backslash is written twice"};
  }
  if (message == kKeyNotPlain && is_unclosed_bracket(mark)) {
    return {at(mark), std::string(kOpenBracket)};
  }
  if (message == kSecondDocument && is_within_line(mark)) {
    return {at(mark), std::string(kMoreText)};
  }
  if (known == kWords.end()) return {at(mark), message};
  if (const auto tab = tab_in_indentation(text_, mark.line)) {
    return {*tab, "a tab in the indentation: YAML requires spaces"};
  }
  if (beyond_end(mark) && message == kEndInQuote) {
    return {unclosed_quote(), "this quote is not closed"};
  }
  if (beyond_end(mark) && open.line != 0) return {open, std::string(kOpenBracket)};
  if ((message == kEndOfMap || message == kEndOfList) && is_within_line(mark)) {
    return {at(mark), std::string(kMoreText)};
  }
  if (message == kStrangeStart &&
      text_.substr(static_cast<std::size_t>(mark.pos)).starts_with('@')) {
    return {at(mark), "text that begins with @ needs quotes; a username has no @"};
  }
  return {at(mark), std::string(known->second)};
}

}  // namespace repopipe
