#include "storage/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "storage/real_path.h"

namespace repopipe {

Result<RunLock> RunLock::acquire(const std::filesystem::path& database, WhenLocked when_locked) {
  const auto real = real_path(database);
  if (!real) return fail(real.error());
  const std::string path = real->string() + "-lock";
  RunLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.file_ < 0) {
    return fail(FailureKind::output, path + ": cannot be opened: " + std::strerror(errno));
  }
  const int operation = LOCK_EX | (when_locked == WhenLocked::fail ? LOCK_NB : 0);
  while (flock(lock.file_, operation) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) {
      return fail(FailureKind::overlap, database.string() + ": another run is using it");
    }
    return fail(FailureKind::output, path + ": cannot be locked: " + std::strerror(errno));
  }
  return lock;
}

RunLock::RunLock(RunLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

RunLock::~RunLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace repopipe
