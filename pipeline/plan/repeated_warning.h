// A warning that many users may deserve: the first few are named, the others are counted.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace repopipe {

struct Notice;

// Threading: that of Plan.
class RepeatedWarning {
 public:
  // `of`: what the users have in common, "had records that were skipped".
  explicit RepeatedWarning(std::string of) : of_(std::move(of)) {}

  void say(std::deque<Notice>& words, std::string text);
  // How many more there were; says nothing if there were none, and once.
  void say_rest(std::deque<Notice>& words);

 private:
  std::string of_;
  int said_ = 0;
  std::uint64_t more_ = 0;
};

}  // namespace repopipe
