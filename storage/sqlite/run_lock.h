// Who holds the lock of a file, as far as this machine tells (proc(5), /proc/locks).
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
// "process 123, begun 2026-11-27T03:00:00Z"; empty: nobody that can be seen.
std::string lock_holder(const struct stat& file);

// Lets one run at a time have a database.  The lock lies on the database file itself, so that all
// its names, hard links included, are one.  It belongs to the process: the system takes it back
// however the process ends (flock(2)).

enum class WhenLocked { fail, wait };

struct LockWait {
  WhenLocked when_locked = WhenLocked::fail;
  // Gets a line before the lock is waited for.
  std::function<void(const std::string&)> told{};
  // Asked again and again meanwhile: why the waiting must end.
  std::function<std::optional<Failure>()> stops{};
};

// Held until destroyed, and that must not be before every SQLite connection of this process to the
// file is closed: closing any descriptor of a file gives up the process's POSIX locks on it, which
// are SQLite's (https://www.sqlite.org/howtocorrupt.html, section 2.2).
class RunLock {
 public:
  // To be called before the database is opened.  A file that is not there is made, empty, and can
  // be read by its owner only.  A lock that another process holds is a failure of kind `overlap`
  // that names it, or is waited for.
  static Result<RunLock> acquire(const std::filesystem::path& database, const LockWait& wait = {});
  RunLock(RunLock&&) noexcept = default;
  RunLock& operator=(RunLock&&) = delete;
  // Removes a file that was made here and is empty still.  A log that is to be set aside becomes
  // FILE-wal-lost.
  ~RunLock();

  // A failure of kind `displaced` if the path leads to another file now, or to none: what is
  // written would be lost.  Threading: any.
  Status still_there() const;
  // The log belongs to what the file was before; SQLite would write it over what is there now.
  void set_log_aside() { sets_log_aside_ = true; }
  // A descriptor of the file, to look at.
  int file() const { return file_.number(); }

 private:
  RunLock(Descriptor file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}

  bool has_place() const;

  Descriptor file_;
  std::filesystem::path path_;
  bool made_ = false;  // by the holder of the lock
  bool sets_log_aside_ = false;
};

}  // namespace repopipe
