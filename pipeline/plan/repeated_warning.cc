#include "pipeline/plan/repeated_warning.h"

#include <fmt/format.h>

#include <utility>

#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

constexpr int kMostSaid = 10;

}  // namespace

void RepeatedWarning::say(std::deque<Notice>& words, std::string text) {
  if (said_ >= kMostSaid) {
    ++more_;
    return;
  }
  ++said_;
  words.push_back({Severity::warning, std::move(text)});
}

void RepeatedWarning::say_rest(std::deque<Notice>& words) {
  if (more_ == 0) return;
  words.push_back(
      {Severity::warning, fmt::format("{} more user{} {}", more_, more_ == 1 ? "" : "s", of_)});
  more_ = 0;
}

}  // namespace repopipe
