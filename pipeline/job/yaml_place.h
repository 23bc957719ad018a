// Where something stands in a YAML text, and yaml-cpp's complaints in plain words.
#pragma once

#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>

#include "pipeline/job/diagnostics.h"

namespace repopipe {

// What YamlPlaces::explain tells apart.
constexpr std::string_view kSecondDocument =
    "a job file holds one document; a second one begins here";
constexpr std::string_view kKeyNotPlain = "a key must be plain text";

// yaml-cpp counts bytes from 0; people count characters from 1.  `text` outlives this.
class YamlPlaces {
 public:
  explicit YamlPlaces(std::string_view text) : text_(text) {}

  // Quick also for one long line, as marks mostly go forward.
  Position at(const YAML::Mark& mark);

  // Whether the node at `mark` has a tag, of which yaml-cpp does not tell the bare "!".
  bool has_tag(const YAML::Mark& mark) const;

  struct Explained {
    Position at;
    std::string message;
  };
  // `open` is the innermost list or section that is not closed yet; line 0: there is none.
  Explained explain(const YAML::Mark& mark, const std::string& message, Position open);

 private:
  bool beyond_end(const YAML::Mark& mark) const {
    return static_cast<std::size_t>(mark.pos) >= text_.size();
  }
  // yaml-cpp takes a list or section at the beginning of one that is not closed for a key.
  bool is_unclosed_bracket(const YAML::Mark& mark) const;
  // Whether something stands before it on its line.
  bool is_within_line(const YAML::Mark& mark) const;
  Position at_offset(std::size_t offset);
  // Where a quote that lasts to the end of the text begins.
  Position unclosed_quote();

  std::string_view text_;
  std::size_t offset_ = 0;  // asked for last, with its line and column
  int line_ = 1;
  int column_ = 1;
};

}  // namespace repopipe
