// The worker processes of a run, seen from another process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace repopipe::e2e {

// Those that are there now, in no order.
std::vector<pid_t> workers_of(pid_t run);

// Processes that need not be our children, known for certain although numbers are used again.
class Watched {
 public:
  explicit Watched(const std::vector<pid_t>& processes);
  ~Watched();
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  std::size_t count() const { return handles_.size(); }
  bool all_end_within(std::chrono::milliseconds time) const;

 private:
  std::vector<int> handles_;  // pidfds
};

// Lines of a program's standard error that speak of a worker that was replaced.
std::vector<std::string> replacements(const std::string& err);

}  // namespace repopipe::e2e
