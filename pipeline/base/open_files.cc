#include "pipeline/base/open_files.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "pipeline/base/caught.h"

namespace repopipe {
namespace {

// Some programs that a command starts close every number up to the limit; a million takes long.
constexpr rlim_t kMost = 65'536;
// Streams, signals, the lock, three connections to the database with their files, a resolver.
constexpr std::size_t kOwnFiles = 40;
// Without a connection at all.
constexpr std::size_t kFewest = 32;

}  // namespace

void raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, kMost);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t open_files_allowed() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return SIZE_MAX;
  return limit.rlim_cur;
}

Status check_open_files(std::size_t allowed) {
  if (allowed >= kFewest) return {};
  return fail(FailureKind::machine_limit,
              fmt::format("only {} files may be open, and at least {} are needed, see ulimit -n",
                          allowed, kFewest));
}

int connections_within(int wanted, std::size_t allowed) {
  const std::size_t room = allowed > kOwnFiles ? allowed - kOwnFiles : 1;
  return static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(wanted), room));
}

Descriptor must_open(int number, std::string_view what) {
  if (number >= 0) return Descriptor(number);
  throw Thrown({FailureKind::machine_limit,
                fmt::format("cannot open {}: {}; see ulimit -n", what, std::strerror(errno))});
}

}  // namespace repopipe
