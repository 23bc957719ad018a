#include "pipeline/base/streams.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "pipeline/base/secrets.h"

namespace repopipe {
namespace {

// 0, or errno.
int write_all(int stream, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(stream, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void keep_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest free number is this one.
    const int wrong_way = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", wrong_way) != stream) _exit(70);
  }
}

void say(std::string_view text) {
  write_all(STDERR_FILENO, without_secrets(text));
}

Status put_out(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, without_secrets(text));
  if (error == 0) return {};
  return fail(FailureKind::database,
              fmt::format("standard output cannot be written: {}", std::strerror(error)));
}

ExitCode deliver(std::string_view text, ExitCode exit_code) {
  const Status written = put_out(text);
  if (written) return exit_code;
  say(fmt::format("repopipe: {}\n", written.error().message));
  return exit_code == ExitCode::complete ? policy_of(written.error().kind).exit_code : exit_code;
}

}  // namespace repopipe
