// What was thrown, as a failure.  Exceptions come from libraries and from `new`; each thread, each
// body of a graph and each callback of a C library catches them at its edge and asks here.
#pragma once

#include <exception>

#include "pipeline/base/failure.h"

namespace repopipe {

// Carries a failure out of a constructor, at start-up.
class Thrown final : public std::exception {
 public:
  explicit Thrown(Failure failure) : failure_(std::move(failure)) {}
  const char* what() const noexcept override { return failure_.message.c_str(); }
  const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
};

// Only within a catch block.  Of kind `machine_limit` where memory or a thread could not be had;
// then the message takes no memory.
Failure caught();
Failure caught(const std::exception_ptr& thrown);

// The same, as the failure of one task: it is counted like a crash of its worker, so that a page
// that cannot be read fails its user and not the run.
Failure caught_over_task();

// What a part that serves the whole run answers with once an exception has ended it: a limit of the
// machine stays one, all else is internal.
Failure breakdown(const Failure& cause);

// For std::set_terminate: says in one line what was thrown, and ends the process at once with an
// exit code of the table.  What is committed stays, as after SIGKILL.
[[noreturn]] void end_after_exception() noexcept;

// For a step that would leave others waiting for ever if it were not done to its end: what it
// throws ends the process.  That a function object is noexcept is not enough: GCC 12 loses it where
// the object is inlined into a std::function.
template <class Step>
decltype(auto) or_end(Step&& step) noexcept {
  try {
    return step();
  } catch (...) {
    end_after_exception();
  }
}

}  // namespace repopipe
