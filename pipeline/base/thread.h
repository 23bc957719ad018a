// Threads whose bodies let no exception out, and that may fail to start.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <thread>

#include "pipeline/base/result.h"

namespace repopipe {

// Starts a thread that runs `body`.  What the body throws is told to `on_error`, on that thread,
// as the last thing that it does; `on_error` must not throw (the process ends then).  A failure is
// of kind `machine_limit`: the thread cannot be started.  `name` is for the message.
Result<std::thread> start_thread(std::string_view name, std::function<void()> body,
                                 std::function<void(const Failure&)> on_error);

// The same, for constructors: throws Thrown.
std::thread must_start_thread(std::string_view name, std::function<void()> body,
                              std::function<void(const Failure&)> on_error);

// How many threads, up to `most`, this machine lets us have now besides those that are there: some
// are started, and end.  For libraries that start threads and do not survive it when they cannot.
std::size_t startable_threads(std::size_t most);

}  // namespace repopipe
