// Positions in a YAML text, and messages for the errors of yaml-cpp.
#pragma once

#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>

#include "pipeline/job/document/diagnostics.h"

namespace repopipe {

// Messages that YamlPlaces::explain treats specially.
constexpr std::string_view kSecondDocument =
    "a job file holds one document; a second one begins here";
constexpr std::string_view kKeyNotPlain = "a key must be plain text";

// Converts positions: yaml-cpp counts bytes from 0, diagnostics count characters from 1.  `text`
// outlives this.
class YamlPlaces {
 public:
  explicit YamlPlaces(std::string_view text) : text_(text) {}

  // Fast also for one long line, because most marks are after the last one.
  Position at(const YAML::Mark& mark);

  // Whether the node at `mark` has a tag.  yaml-cpp does not report the tag "!" alone.
  bool has_tag(const YAML::Mark& mark) const;

  struct Explained {
    Position at;
    std::string message;
  };
  // `open` is the innermost list or section that is not closed; line 0: there is none.
  Explained explain(const YAML::Mark& mark, const std::string& message, Position open);

 private:
  bool beyond_end(const YAML::Mark& mark) const {
    return static_cast<std::size_t>(mark.pos) >= text_.size();
  }
  // For yaml-cpp, a list or section at the beginning of an unclosed one is a key.
  bool is_unclosed_bracket(const YAML::Mark& mark) const;
  // Whether other text comes before it on its line.
  bool is_within_line(const YAML::Mark& mark) const;
  Position at_offset(std::size_t offset);
  // The beginning of a quote that lasts to the end of the text.
  Position unclosed_quote();

  std::string_view text_;
  std::size_t offset_ = 0;  // the last offset, with its line and column
  int line_ = 1;
  int column_ = 1;
};

}  // namespace repopipe
