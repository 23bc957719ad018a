#include "pipeline/command/streams.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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
  write_all(STDERR_FILENO, text);
}

void put_out(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0 || error == EPIPE) return;
  say(fmt::format("repopipe: standard output: {}\n", std::strerror(error)));
}

}  // namespace repopipe
