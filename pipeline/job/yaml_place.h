// Where something stands in a YAML text, and yaml-cpp's complaints in plain words.
#pragma once

#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>

#include "pipeline/job/problem.h"

namespace repopipe {

// yaml-cpp counts bytes from 0; people count characters from 1.  `text` outlives this.
class YamlPlaces {
 public:
  explicit YamlPlaces(std::string_view text) : text_(text) {}

  // Quick also for one long line, as marks mostly go forward.
  Position at(const YAML::Mark& mark);

  struct Explained {
    Position at;
    std::string message;
  };
  Explained explain(const YAML::Mark& mark, const std::string& message);

 private:
  std::string_view text_;
  std::size_t line_start_ = 0;  // of the last mark, all three
  std::size_t offset_ = 0;
  int column_ = 1;
};

}  // namespace repopipe
