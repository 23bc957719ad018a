#include "storage/upkeep/compaction.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "pipeline/base/system.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/database.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Failure> system_failure(const fs::path& path, std::string_view what) {
  const int why = errno;
  return fail(kind_of_error(why),
              path.string() + ": " + std::string(what) + ": " + std::string(std::strerror(why)));
}

// The copy beside the file, with what SQLite may have left beside the copy.
class Copy {
 public:
  explicit Copy(fs::path path) : path_(std::move(path)) { remove(); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() { remove(); }

  const fs::path& path() const { return path_; }

  // An empty file that only the owner can read: SQLite would make it readable by all users.
  Status create() {
    const Descriptor file(
        ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR));
    return file.is_open() ? Status{} : Status(system_failure(path_, "cannot be created"));
  }

  // Gives it the owner and mode of `original`, and flushes it.
  Status finish(const struct stat& original) {
    const Descriptor file(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    struct stat made {};
    if (!file.is_open() || fstat(file.number(), &made) != 0) {
      return system_failure(path_, "cannot be opened");
    }
    const bool is_other = made.st_uid != original.st_uid || made.st_gid != original.st_gid;
    if (is_other && fchown(file.number(), original.st_uid, original.st_gid) != 0) {
      return system_failure(path_, "cannot be given the owner and group of the database");
    }
    if (fchmod(file.number(), original.st_mode & 07777) != 0 || fsync(file.number()) != 0) {
      return system_failure(path_, "cannot be written");
    }
    return {};
  }

 private:
  void remove() const {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      (void)::unlink((path_.string() + suffix).c_str());
    }
  }

  fs::path path_;
};

Status flush_folder_of(const fs::path& path) {
  const fs::path folder = path.parent_path();
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.is_open() && fsync(handle.number()) == 0) return {};
  return system_failure(folder, "cannot be flushed");
}

// Moves the log into the file and removes it, so that no log of the former file is beside the new
// one.  Then no other connection can open the file.
Status close_to_others(Database& database) {
  Status done = database.execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = DELETE");
  if (done) done = database.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
  if (done || database.error_code() != SQLITE_BUSY) return done;
  return fail(FailureKind::overlap,
              database.path().string() +
                  ": another program has it open; close that program, or try again later");
}

Status write_copy(Database& database, const fs::path& copy) {
  const auto users = database.integer("SELECT count(*) FROM listings WHERE resource = 1");
  if (!users) return fail(users.error());
  const auto pages = page_settings(static_cast<std::uint64_t>(*users));
  if (auto done = database.execute(pages); !done) return done;
  return run_once(database, "VACUUM INTO ?1", std::string_view(copy.native()));
}

// A reader finds the copy as a run leaves a database.
Status use_log(const fs::path& copy) {
  auto database = Database::open(copy, Access::read_write);
  if (!database) return fail(database.error());
  return database->execute("PRAGMA journal_mode = WAL");
}

Status replace(Database& database, Copy& copy, const RunLock& lock) {
  const fs::path path = database.path();
  struct stat original {};
  if (fstat(lock.file(), &original) != 0) return system_failure(path, "cannot be read");
  Status done = copy.create();
  if (done) done = write_copy(database, copy.path());
  if (done) done = use_log(copy.path());
  if (done) done = copy.finish(original);
  if (done) done = lock.still_there();
  if (!done) return done;
  if (::rename(copy.path().c_str(), path.c_str()) != 0) {
    return system_failure(path, "cannot be replaced");
  }
  return flush_folder_of(path);
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code ignored;
  const auto size = fs::file_size(path, ignored);
  return ignored ? 0 : size;
}

}  // namespace

Result<Compacted> compact_database(const fs::path& given, const RunLock& lock, Resources resources,
                                   const std::function<void(const std::string&)>& told) {
  auto database = open_database(given, resources, told);
  if (!database) return fail(database.error());
  const fs::path path = database->path();
  Compacted sizes;
  Status done = close_to_others(*database);
  sizes.before = size_of(path);
  if (done) {
    Copy copy(path.string() + "-compact");
    done = replace(*database, copy, lock);
  }
  if (!done) {
    // A log would belong to the name, which may lead to the copy.
    if (lock.still_there()) {
      (void)database->execute("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL");
    }
    return fail(done.error());
  }
  sizes.after = size_of(path);
  return sizes;
}

}  // namespace repopipe
