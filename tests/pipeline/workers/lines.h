// Lines that an executor or a worker says to its owner.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace repopipe::testing {

// Threading: any.
class Lines {
 public:
  std::function<void(const std::string&)> writer();
  // Waits for so many lines that contain `text`; fails the test if they do not come.
  void wait_for(const std::string& text, std::size_t count = 1);
  std::vector<std::string> all() const;
  std::size_t count(const std::string& text) const;

 private:
  std::size_t count_held(const std::string& text) const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;  // guarded by mutex_
};

}  // namespace repopipe::testing
