// Threads, and what was thrown, as a failure.  Exceptions come from libraries and from `new`; each
// thread, each body of a graph and each callback of a C library catches them at its edge and asks
// here.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>
#include <thread>
#include <utility>

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

// A thread that lets no exception out, and is joined when it goes.  All threads of the program but
// those of TBB are such.  Threading: one thread owns it.
class Thread {
 public:
  // Starts a thread that runs `body`.  What the body throws is told to `on_error`, on that thread,
  // as the last thing that it does; `on_error` must not throw (the process ends then).  A failure
  // is of kind `machine_limit`: the thread cannot be started.  `name` is for the message.
  static Result<Thread> start(std::string_view name, std::function<void()> body,
                              std::function<void(const Failure&)> on_error);
  // The same, for constructors: throws Thrown.
  static Thread must_start(std::string_view name, std::function<void()> body,
                           std::function<void(const Failure&)> on_error);

  Thread() = default;  // none
  Thread(Thread&&) noexcept = default;
  Thread& operator=(Thread&& other) noexcept;  // joins the one that was there
  ~Thread() { join(); }

  // Of none: does nothing.
  void join();
  // It was started, and not joined.
  bool is_there() const { return thread_.joinable(); }
  bool is_this_thread() const { return thread_.get_id() == std::this_thread::get_id(); }

 private:
  explicit Thread(std::thread thread) : thread_(std::move(thread)) {}

  std::thread thread_;
};

// How many threads, up to `most`, this machine lets us have now besides those that are there: some
// are started, and end.  For libraries that start threads and do not survive it when they cannot.
std::size_t startable_threads(std::size_t most);

}  // namespace repopipe
