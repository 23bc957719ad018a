// Threads, and the conversion of exceptions to failures.  Exceptions come from libraries and from
// `new`.  Each thread, graph node and C callback catches them and calls `caught`.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>
#include <thread>
#include <utility>

#include "pipeline/base/failure.h"

namespace repopipe {

// Carries a failure out of a constructor.
class Thrown final : public std::exception {
 public:
  explicit Thrown(Failure failure) : failure_(std::move(failure)) {}
  const char* what() const noexcept override { return failure_.message.c_str(); }
  const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
};

// The current exception as a failure; call it only in a catch block.  Its kind is `machine_limit`
// if memory or a thread was lacking; then the message is not allocated.
Failure caught();
Failure caught(const std::exception_ptr& thrown);

// The same for an exception in one task.  It counts like a crash of the worker, so that an
// unreadable page fails its user and not the run.
Failure caught_over_task();

// The failure that a component for the whole run returns after an exception ended it:
// `machine_limit` stays, everything else becomes `internal`.
Failure breakdown(const Failure& cause);

// For std::set_terminate: prints the exception in one line and ends the process with an exit code
// of the table.  Committed data stays, as after SIGKILL.
[[noreturn]] void end_after_exception() noexcept;

// Runs a step that must not be interrupted, because other threads wait for it: an exception ends
// the process.  A noexcept function object is not enough: GCC 12 drops it if the object is inlined
// into a std::function.
template <class Step>
decltype(auto) or_end(Step&& step) noexcept {
  try {
    return step();
  } catch (...) {
    end_after_exception();
  }
}

// A thread that catches all exceptions and is joined by its destructor.  All threads of the program
// except those of TBB are of this type.  Threading: used by one thread.
class Thread {
 public:
  // Starts a thread that runs `body`.  If `body` throws, the thread calls `on_error` and ends;
  // `on_error` must not throw (it would end the process).  Fails with `machine_limit` if the thread
  // cannot be started.  `name` is for the message.
  static Result<Thread> start(std::string_view name, std::function<void()> body,
                              std::function<void(const Failure&)> on_error);
  // For constructors: throws Thrown instead.
  static Thread must_start(std::string_view name, std::function<void()> body,
                           std::function<void(const Failure&)> on_error);

  Thread() = default;  // no thread
  Thread(Thread&&) noexcept = default;
  Thread& operator=(Thread&& other) noexcept;  // joins the previous thread
  ~Thread() { join(); }

  // Without a thread it does nothing.
  void join();
  // Whether a thread was started and not joined.
  bool is_there() const { return thread_.joinable(); }
  bool is_this_thread() const { return thread_.get_id() == std::this_thread::get_id(); }

 private:
  explicit Thread(std::thread thread) : thread_(std::move(thread)) {}

  std::thread thread_;
};

// How many more threads, at most `most`, this machine can start now: it starts them and ends them.
// For libraries that do not survive a thread that cannot be started.
std::size_t startable_threads(std::size_t most);

}  // namespace repopipe
