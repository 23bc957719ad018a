#include "pipeline/base/thread.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace repopipe {
namespace {

// Short enough for the small string buffer of std::string: no allocation.
constexpr const char* kNoMemory = "out of memory";

// The message of oneTBB when it cannot start a thread; there is no code (its rml_thread_monitor.h).
constexpr std::string_view kNoThread = "pthread_create has failed";
constexpr const char* kAboutThreads = "; see ulimit -u and ulimit -v, or TasksMax of the service";

bool is_want_of_thread(const std::exception& error) noexcept {
  return std::string_view(error.what()).starts_with(kNoThread);
}

bool is_limit(const std::exception& thrown) noexcept {
  const auto* error = dynamic_cast<const std::system_error*>(&thrown);
  if (error == nullptr) return is_want_of_thread(thrown);
  return error->code() == std::errc::resource_unavailable_try_again ||
         error->code() == std::errc::not_enough_memory ||
         error->code() == std::errc::too_many_files_open;
}

void write_error(const char* text) noexcept {
  static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
}

[[noreturn]] void end(const char* what, ExitCode code, const char* hint = "") noexcept {
  write_error("repopipe: ");
  write_error(what);
  write_error(hint);
  write_error("; the next run resumes\n");
  _exit(static_cast<int>(code));
}

}  // namespace

Failure caught() {
  try {
    throw;
  } catch (const Thrown& thrown) {
    return thrown.failure();
  } catch (const std::bad_alloc&) {
    return {FailureKind::machine_limit, kNoMemory};
  } catch (const std::exception& error) {
    const std::string hint = is_want_of_thread(error) ? kAboutThreads : "";
    return {is_limit(error) ? FailureKind::machine_limit : FailureKind::internal,
            error.what() + hint};
  } catch (...) {
    return {FailureKind::internal, "an exception of unknown type"};
  }
}

Failure caught(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (...) {
    return caught();
  }
}

Failure caught_over_task() {
  Failure failure = caught();
  failure.kind = FailureKind::worker_crashed;
  return failure;
}

Failure breakdown(const Failure& cause) {
  const bool is_limit = policy_of(cause.kind).exit_code == ExitCode::machine_limit;
  return {is_limit ? cause.kind : FailureKind::internal, cause.message};
}

void end_after_exception() noexcept {
  const std::exception_ptr thrown = std::current_exception();
  if (!thrown) end("internal error", ExitCode::internal);
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    end(kNoMemory, ExitCode::machine_limit, "; see ulimit -v, or MemoryMax of the service");
  } catch (const Thrown& error) {
    end(error.what(), policy_of(error.failure().kind).exit_code);
  } catch (const std::exception& error) {
    end(error.what(), is_limit(error) ? ExitCode::machine_limit : ExitCode::internal,
        is_want_of_thread(error) ? kAboutThreads : "");
  } catch (...) {
    end("internal error", ExitCode::internal);
  }
}

Result<Thread> Thread::start(std::string_view name, std::function<void()> body,
                             std::function<void(const Failure&)> on_error) {
  auto guarded = [body = std::move(body), on_error = std::move(on_error)]() noexcept {
    try {
      body();
    } catch (...) {
      on_error(caught());
    }
  };
  try {
    return Thread(std::thread(std::move(guarded)));
  } catch (const std::system_error& error) {
    return fail(FailureKind::machine_limit,
                fmt::format("cannot start the thread {}: {}; see ulimit -u and ulimit -v, or "
                            "TasksMax of the service",
                            name, error.code().message()));
  } catch (...) {
    return fail(caught());
  }
}

Thread Thread::must_start(std::string_view name, std::function<void()> body,
                          std::function<void(const Failure&)> on_error) {
  auto thread = start(name, std::move(body), std::move(on_error));
  if (!thread) throw Thrown(thread.error());
  return std::move(*thread);
}

Thread& Thread::operator=(Thread&& other) noexcept {
  join();
  thread_ = std::move(other.thread_);
  return *this;
}

void Thread::join() {
  if (thread_.joinable()) thread_.join();
}

std::size_t startable_threads(std::size_t most) {
  std::atomic<bool> ends{false};
  std::vector<Thread> threads;
  threads.reserve(most);
  while (threads.size() < most) {
    auto thread = Thread::start(
        "trial", [&ends] { ends.wait(false); }, [](const Failure&) {});
    if (!thread) break;
    threads.push_back(std::move(*thread));
  }
  ends = true;
  ends.notify_all();
  return threads.size();
}

}  // namespace repopipe
