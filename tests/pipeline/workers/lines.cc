#include "tests/pipeline/workers/lines.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/eventually.h"

namespace repopipe::testing {

std::function<void(const std::string&)> Lines::writer() {
  return [this](const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    changed_.notify_all();
  };
}

void Lines::wait_for(const std::string& text, std::size_t count) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, kHangs, [&] { return count_held(text) >= count; }))
      << "nobody says " << text << " but " << ::testing::PrintToString(lines_);
}

std::vector<std::string> Lines::all() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::size_t Lines::count(const std::string& text) const {
  const std::lock_guard lock(mutex_);
  return count_held(text);
}

std::size_t Lines::count_held(const std::string& text) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      lines_, [&](const auto& line) { return line.find(text) != line.npos; }));
}

}  // namespace repopipe::testing
