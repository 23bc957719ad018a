// The lock of a database, which one run at a time holds.  Used by runs and merges.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"

namespace repopipe {

// The process that holds the lock of a file, from /proc/locks (proc(5)): "process 123, begun
// 2026-11-27T03:00:00Z".  Empty if it cannot be found.
std::string lock_holder(const struct stat& file);
// The same for a path.  Does not try the lock, which could make a run fail that begins now.
std::string lock_holder(const std::filesystem::path& path);

enum class WhenLocked { fail, wait };

struct LockWait {
  WhenLocked when_locked = WhenLocked::fail;
  // Gets a line before the wait for the lock.
  std::function<void(const std::string&)> told{};
  // Called repeatedly during the wait; a failure ends the wait.
  std::function<std::optional<Failure>()> stops{};
};

// The lock is on the database file itself, so all its names, including hard links, share it.  The
// system releases it when the process ends (flock(2)).
// Held until destroyed.  First close all SQLite connections of this process to the file: closing
// any descriptor of a file releases the process's POSIX locks on it, which SQLite uses
// (https://www.sqlite.org/howtocorrupt.html, section 2.2).
class RunLock {
 public:
  // Call it before the database is opened.  Creates a missing file: empty, and readable by its
  // owner only.  If another process holds the lock, waits, or fails with kind `overlap` and names
  // the process.
  static Result<RunLock> acquire(const std::filesystem::path& database, const LockWait& wait = {});
  RunLock(RunLock&&) noexcept = default;
  RunLock& operator=(RunLock&&) = delete;
  // Deletes the file if it was created here and is still empty.  After set_log_aside(), renames the
  // log to FILE-wal-lost.
  ~RunLock();

  // Fails with kind `displaced` if the path now leads to another file or to none: writes would be
  // lost.  Threading: any.
  Status still_there() const;
  // The group of the file may read and write it and its log.  SQLite gives a new log the mode of
  // the file.  Does nothing if this user does not own the file.
  void share_with_group() const;
  // The log belongs to the former file.  SQLite would overwrite the present file with it.
  void set_log_aside() { sets_log_aside_ = true; }
  // A descriptor of the file, for reading.
  int file() const { return file_.number(); }

 private:
  RunLock(Descriptor file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}

  bool has_place() const;

  Descriptor file_;
  std::filesystem::path path_;
  bool made_ = false;  // this lock created the file
  bool sets_log_aside_ = false;
};

}  // namespace repopipe
