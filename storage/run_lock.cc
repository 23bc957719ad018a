#include "storage/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "storage/real_path.h"

namespace repopipe {

Result<RunLock> RunLock::acquire(const std::filesystem::path& database, WhenLocked when_locked,
                                 const std::function<void(const std::string&)>& told) {
  const auto real = real_path(database);
  if (!real) return fail(real.error());
  const std::string path = real->string() + "-lock";
  RunLock lock(Descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)));
  if (!lock.file_.is_open()) {
    return fail(FailureKind::output, path + ": cannot be opened: " + std::strerror(errno));
  }
  int operation = LOCK_EX | LOCK_NB;
  while (flock(lock.file_.number(), operation) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) {
      return fail(FailureKind::output, path + ": cannot be locked: " + std::strerror(errno));
    }
    const std::string held = database.string() + ": another run is using it";
    if (when_locked == WhenLocked::fail) return fail(FailureKind::overlap, held);
    if (told) told(held + "; waits for its end");
    operation = LOCK_EX;
  }
  return lock;
}

}  // namespace repopipe
