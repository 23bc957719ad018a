#include "pipeline/base/caught.h"

#include <unistd.h>

#include <cstring>
#include <new>
#include <system_error>
#include <utility>

namespace repopipe {
namespace {

// Short enough for a std::string to hold it in itself.
constexpr const char* kNoMemory = "out of memory";

void write_error(const char* text) noexcept {
  static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
}

[[noreturn]] void end(const char* what, ExitCode code) noexcept {
  write_error("repopipe: ");
  write_error(what);
  write_error("; the next run goes on with what is stored\n");
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
  } catch (const std::system_error& error) {
    const bool is_limit = error.code() == std::errc::resource_unavailable_try_again ||
                          error.code() == std::errc::not_enough_memory ||
                          error.code() == std::errc::too_many_files_open;
    return {is_limit ? FailureKind::machine_limit : FailureKind::internal, error.what()};
  } catch (const std::exception& error) {
    return {FailureKind::internal, error.what()};
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

void end_after_exception() noexcept {
  const std::exception_ptr thrown = std::current_exception();
  if (!thrown) end("internal error", ExitCode::internal);
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    end(kNoMemory, ExitCode::machine_limit);
  } catch (const Thrown& error) {
    end(error.what(), policy_of(error.failure().kind).exit_code);
  } catch (const std::exception& error) {
    end(error.what(), ExitCode::internal);
  } catch (...) {
    end("internal error", ExitCode::internal);
  }
}

}  // namespace repopipe
