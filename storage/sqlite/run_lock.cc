#include "storage/sqlite/run_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "pipeline/base/units.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace repopipe {
namespace {

// The start of the machine, in seconds since 1970.
std::optional<std::int64_t> boot_time() {
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    if (line.starts_with("btime ")) return std::stoll(line.substr(6));
  }
  return std::nullopt;
}

// The 22nd field is in clock ticks since the start of the machine.  The name before it may contain
// any character, also blanks.
std::optional<std::int64_t> start_of(int process) {
  constexpr int kFieldsBetween = 19;
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text);
  const auto boot = boot_time();
  const std::size_t name_end = text.rfind(')');
  if (!boot || name_end == text.npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> field;
  std::int64_t ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return *boot + ticks / sysconf(_SC_CLK_TCK);
}

// "1: FLOCK  ADVISORY  WRITE 123 08:01:4567 0 EOF"; a waiting lock has "->" after the number.
std::optional<int> process_in(const std::string& line, const struct stat& file) {
  std::istringstream fields(line);
  std::string number, kind, mode, access, place;
  int process = 0;
  if (!(fields >> number >> kind >> mode >> access >> process >> place)) return std::nullopt;
  const std::string wanted =
      fmt::format("{:02x}:{:02x}:{}", major(file.st_dev), minor(file.st_dev), file.st_ino);
  return kind == "FLOCK" && place == wanted && process > 0 ? std::optional(process) : std::nullopt;
}

}  // namespace

std::string lock_holder(const struct stat& file) {
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    const auto process = process_in(line, file);
    if (!process) continue;
    const auto start = start_of(*process);
    if (!start) return fmt::format("process {}", *process);
    const std::string begun = to_iso8601(WallTime(std::chrono::seconds(*start)));
    return fmt::format("process {}, begun {}Z", *process, begun.substr(0, begun.find('.')));
  }
  return {};
}

std::string lock_holder(const std::filesystem::path& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 ? lock_holder(file) : std::string();
}

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kBetweenTries = 50ms;

struct Opened {
  Descriptor file;
  bool made;
};

// A read-only file can be locked too; opening the database then reports the error.
Result<Opened> open_to_lock(const fs::path& path) {
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const bool made = file >= 0;
  if (file < 0 && errno == EEXIST) {
    file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  }
  if (file < 0 && (errno == EACCES || errno == EROFS)) {
    const int why = errno;
    file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) errno = why;
  }
  if (file >= 0) return Opened{Descriptor(file), made};
  return fail(kind_of_error(errno),
              path.string() + ": cannot be created: " + std::string(std::strerror(errno)));
}

// True: this process has the lock.
Result<bool> try_lock(int file, const fs::path& path) {
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno == EINTR) continue;
    return fail(FailureKind::output, path.string() + ": cannot be locked: " + std::strerror(errno));
  }
  return true;
}

std::string held_by(int file, const fs::path& database) {
  struct stat opened {};
  const std::string holder = fstat(file, &opened) == 0 ? lock_holder(opened) : "";
  return database.string() + ": another run is using it" + (holder.empty() ? "" : ": " + holder);
}

Status wait_for_lock(int file, const fs::path& path, const std::string& held,
                     const LockWait& wait) {
  if (wait.told) wait.told(held + "; waits for its end");
  for (;;) {
    std::this_thread::sleep_for(kBetweenTries);
    const auto locked = try_lock(file, path);
    if (!locked) return fail(locked.error());
    if (*locked) return {};
    if (const auto why = wait.stops ? wait.stops() : std::nullopt) return fail(*why);
  }
}

}  // namespace

Result<RunLock> RunLock::acquire(const fs::path& database, const LockWait& wait) {
  const auto real = real_path(database);
  if (!real) return fail(real.error());
  for (;;) {
    auto opened = open_to_lock(*real);
    if (!opened) return fail(opened.error());
    RunLock lock(std::move(opened->file), *real);
    const int number = lock.file_.number();
    const auto locked = try_lock(number, *real);
    if (!locked) return fail(locked.error());
    if (!*locked) {
      const std::string held = held_by(number, database);
      if (wait.when_locked == WhenLocked::fail) return fail(FailureKind::overlap, held);
      if (auto waited = wait_for_lock(number, *real, held, wait); !waited) {
        return fail(waited.error());
      }
    }
    lock.made_ = opened->made;
    if (lock.has_place()) return lock;  // otherwise the file was replaced meanwhile
  }
}

RunLock::~RunLock() {
  if (file_.is_open() && sets_log_aside_) {
    const std::string log = path_.string() + "-wal";
    (void)::rename(log.c_str(), (log + "-lost").c_str());
    (void)::unlink((path_.string() + "-shm").c_str());  // of that log
  }
  struct stat opened {};
  const bool is_empty =
      made_ && file_.is_open() && fstat(file_.number(), &opened) == 0 && opened.st_size == 0;
  if (is_empty && has_place()) ::unlink(path_.c_str());
}

void RunLock::share_with_group() const {
  constexpr mode_t kShared = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP;
  struct stat opened {};
  if (fstat(file_.number(), &opened) != 0 || (opened.st_mode & kShared) == kShared) return;
  (void)::fchmod(file_.number(), (opened.st_mode & 07777) | kShared);
  for (const char* suffix : {"-wal", "-shm"}) {  // those that a killed run has left
    (void)::chmod((path_.string() + suffix).c_str(), kShared);
  }
}

bool RunLock::has_place() const {
  struct stat opened {};
  struct stat named {};
  return fstat(file_.number(), &opened) == 0 && stat(path_.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

Status RunLock::still_there() const {
  if (has_place()) return {};
  struct stat named {};
  const bool is_other = stat(path_.c_str(), &named) == 0;
  return fail(FailureKind::displaced, path_.string() + ": the file was " +
                                          (is_other ? "replaced by another one" : "removed") +
                                          " while the run used it; the run stores nothing more");
}

}  // namespace repopipe
