#include "pipeline/base/thread.h"

#include <fmt/format.h>

#include <atomic>
#include <system_error>
#include <utility>
#include <vector>

#include "pipeline/base/caught.h"

namespace repopipe {

Result<std::thread> start_thread(std::string_view name, std::function<void()> body,
                                 std::function<void(const Failure&)> on_error) {
  auto guarded = [body = std::move(body), on_error = std::move(on_error)]() noexcept {
    try {
      body();
    } catch (...) {
      on_error(caught());
    }
  };
  try {
    return std::thread(std::move(guarded));
  } catch (const std::system_error& error) {
    return fail(FailureKind::machine_limit,
                fmt::format("cannot start the thread {}: {}; see ulimit -u and ulimit -v, or "
                            "TasksMax of the service",
                            name, error.code().message()));
  } catch (...) {
    return fail(caught());
  }
}

std::thread must_start_thread(std::string_view name, std::function<void()> body,
                              std::function<void(const Failure&)> on_error) {
  auto thread = start_thread(name, std::move(body), std::move(on_error));
  if (!thread) throw Thrown(thread.error());
  return std::move(*thread);
}

std::size_t startable_threads(std::size_t most) {
  std::atomic<bool> ends{false};
  std::vector<std::thread> threads;
  threads.reserve(most);
  while (threads.size() < most) {
    auto thread = start_thread(
        "trial", [&ends] { ends.wait(false); }, [](const Failure&) {});
    if (!thread) break;
    threads.push_back(std::move(*thread));
  }
  ends = true;
  ends.notify_all();
  for (std::thread& thread : threads) thread.join();
  return threads.size();
}

}  // namespace repopipe
