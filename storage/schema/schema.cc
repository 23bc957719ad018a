#include "storage/schema/schema.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "pipeline/base/units.h"
#include "storage/sqlite/database.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

// Readers and the writer do not wait for each other.  This limit is for a second writer, such as a
// shell in which a user has an open transaction.
constexpr std::chrono::minutes kLongestWait{5};
constexpr std::chrono::seconds kLongestWaitOfInspection{5};

tl::unexpected<Failure> refuse(const fs::path& path, const std::string& why) {
  return fail(FailureKind::output, path.string() + ": " + why);
}

// Converts the failure of a call to a failure to open.  A failure of the disk or a limit of the
// machine is not caused by the file, so it keeps its kind.
tl::unexpected<Failure> refuse(const Failure& failure) {
  if (policy_of(failure.kind).of_machine) return fail(failure);
  return fail(FailureKind::output, with_remedy(failure));
}

// SQLite keeps the log beside the name under which it opened the file.  Under another name, it
// misses the content of the log, and later overwrites newer pages with the log
// (https://www.sqlite.org/howtocorrupt.html, section 2.5).
Status check_one_name(const fs::path& path) {
  std::error_code failed;
  const auto names = fs::hard_link_count(path, failed);
  if (failed || names < 2) return {};
  const std::string log = path.string() + "-wal";
  const std::string which = fs::exists(log, failed)
                                ? "this one, since its log is " + log
                                : "the one with a file ending in -wal beside it, if there is one";
  return refuse(
      path, fmt::format("the file has {} names (hard links); SQLite keeps its log beside the name "
                        "that is opened, so that opening another one damages the file; keep one "
                        "name, {}, and remove the others (find -samefile shows them); then use a "
                        "symbolic link, or a copy made with sqlite3 FILE '.backup COPY' or VACUUM "
                        "INTO",
                        names, which));
}

// SQLite appends "-journal", "-wal" and "-shm", and refuses paths of more than 512 bytes
// (MAX_PATHNAME in its os_unix.c).
Status check_length(const fs::path& path) {
  constexpr std::size_t kSuffix = 8, kLongestPath = 512;
  const std::size_t name = path.filename().string().size(), whole = path.string().size();
  const long most = ::pathconf(path.parent_path().c_str(), _PC_NAME_MAX);  // below 0: no limit
  if (most >= 0 && name + kSuffix > static_cast<std::size_t>(most)) {
    return refuse(path, fmt::format("the name has {} bytes; {} are allowed in this folder, and the "
                                    "files beside it need {} of them",
                                    name, most, kSuffix));
  }
  if (whole + kSuffix <= kLongestPath) return {};
  return refuse(path, fmt::format("the path has {} bytes; SQLite takes at most {}", whole,
                                  kLongestPath - kSuffix));
}

Status check_path(const fs::path& path) {
  std::error_code ignored;  // the following open reports the error
  const fs::path folder = path.parent_path();
  if (fs::is_directory(path, ignored)) return refuse(path, "is a folder; name a file in it");
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
    return refuse(path, "is not a regular file; name another one");
  }
  if (fs::is_directory(folder, ignored)) {
    const Status fits = check_length(path);
    return fits ? check_one_name(path) : fits;
  }
  if (fs::exists(folder, ignored)) {
    return refuse(path, folder.string() + " is a file, not a folder");
  }
  return refuse(path, "folder " + folder.string() + " does not exist; create it first");
}

// Creates an empty file, which is an empty database.  SQLite would make it readable by all users.
Status create_private(const fs::path& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno != EEXIST) {
    return fail(kind_of_error(errno),
                path.string() + ": cannot be created: " + std::strerror(errno));
  }
  const fs::path folder = path.parent_path();
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0) return {};
  return refuse(path,
                "folder " + folder.string() +
                    " cannot be written, and SQLite keeps its log there: " + std::strerror(errno));
}

// Checks the file before anything is written to it.  True: it is a database of this program.
Result<bool> is_ours(Database& database, const fs::path& path) {
  const auto tables = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables && database.error_code() == SQLITE_NOTADB) {
    return refuse(path, "is not a SQLite database; name another file, or move this one away");
  }
  const int code = database.error_code();
  if (!tables && (code == SQLITE_READONLY || code == SQLITE_CANTOPEN)) {
    return refuse(path, "SQLite keeps its log beside it, and folder " +
                            path.parent_path().string() +
                            " cannot be written; copy the file to a folder of your own");
  }
  if (!tables) return refuse(tables.error());
  const auto application = database.integer("PRAGMA application_id");
  if (!application) return refuse(application.error());
  if (*application != kApplicationId && *tables > 0) {
    return refuse(path, "is the database of another program; name another file");
  }
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return refuse(version.error());
  if (*application == kApplicationId && *version > schema_version()) {
    return refuse(path, "has schema version " + std::to_string(*version) +
                            ", newer than this program's " + std::to_string(schema_version()) +
                            "; use the newer repopipe, or another file");
  }
  return *application == kApplicationId;
}

// Returns the journal mode.  If two connections open a new file at the same time, SQLite refuses
// one of them at once as busy, without its busy timeout, because both hold a read lock.  That one
// waits until it can get an exclusive lock, and tries again.
Result<std::string> switch_to_log(Database& database) {
  for (;;) {
    auto mode = database.prepare("PRAGMA journal_mode = WAL");
    if (!mode) return fail(mode.error());
    const auto row = mode->step();
    if (row) return std::string(mode->text(0));
    if (database.error_code() != SQLITE_BUSY) return fail(row.error());
    auto waited = database.execute("BEGIN EXCLUSIVE; COMMIT");
    if (!waited) return fail(waited.error());
  }
}

// Temporary tables, sorting and the journals of statements may need much space, and there may be no
// other writable folder.
Status use_folder_for_temporaries(Database& database) {
  std::string folder;
  for (const char c : database.path().parent_path().string()) folder.append(c == '\'' ? 2 : 1, c);
  return database.execute("PRAGMA temp_store_directory = '" + folder + "'");
}

Status configure_writer(Database& database, const fs::path& path, std::uint64_t users) {
  if (auto done = use_folder_for_temporaries(database); !done) return refuse(done.error());
  const auto pages = database.integer("PRAGMA page_count");
  if (!pages) return refuse(pages.error());
  if (*pages == 0) {
    if (auto sized = database.execute(page_settings(users)); !sized) return refuse(sized.error());
  }
  // With WAL and synchronous=NORMAL, a crash of a program loses no commit.  A power failure may
  // lose the last commits; the next run does their users again (https://www.sqlite.org/wal.html).
  const auto mode = switch_to_log(database);
  if (!mode) return refuse(mode.error());
  if (*mode != "wal") {
    return refuse(path, "this file system has no write-ahead log for SQLite; use a local disk");
  }
  // Foreign keys are not enforced on this connection: the store writes parents first, and the
  // look-ups took a seventh of its time.  The tests check with PRAGMA foreign_key_check.
  // A larger cache was slower, because each of its pages is new memory; it was not faster for a
  // file of 200 MB.
  auto done = database.execute(
      "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = OFF;"
      "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 1000");
  return done ? done : refuse(done.error());
}

Result<Database> open_connection(const fs::path& path, Access access,
                                 const std::function<void(const std::string&)>& told) {
  static const SystemClock clock;
  auto database = Database::open(path, access);
  if (!database) return database;
  BusyTimeout busy_timeout{.longest = kLongestWait};
  if (access == Access::inspect) busy_timeout.longest = kLongestWaitOfInspection;
  if (told) {
    busy_timeout.told = [path, told](std::chrono::milliseconds left) {
      told(fmt::format("{} is locked by another program; waits for it, at most {} more",
                       path.string(), show_rounded(left)));
    };
  }
  database->set_busy_timeout(std::move(busy_timeout), clock);
  return database;
}

}  // namespace

Status check_place(const fs::path& path) {
  const auto real = real_path(path);
  if (!real) return fail(real.error());
  return check_path(*real);
}

// A row of a repository has some 400 bytes, and a run writes many rows: with 4 KiB a run of few
// users takes a tenth longer.  With many users the rows that are written at the same time are far
// apart, and larger pages are written for little.
std::string page_settings(std::uint64_t users) {
  constexpr std::uint64_t kManyUsers = 50'000;
  // The second pragma begins the file, with pages of that size.
  return std::string("PRAGMA page_size = ") + (users > kManyUsers ? "4096" : "16384") +
         "; PRAGMA auto_vacuum = INCREMENTAL";
}

Result<Database> open_database(const fs::path& given, Resources resources,
                               const std::function<void(const std::string&)>& told,
                               std::uint64_t users) {
  const auto real = real_path(given);  // absolute: for SQLite, "file:..." is a URI
  if (!real) return fail(real.error());
  const fs::path& path = *real;
  Status ready = check_path(path);
  if (ready) ready = create_private(path);
  if (!ready) return fail(ready.error());
  auto database = open_connection(path, Access::read_write, told);
  if (!database) return database;
  if (database->is_read_only()) {
    return refuse(path, "cannot be written; allow it with chmod, or name another file");
  }
  if (const auto ours = is_ours(*database, path); !ours) return fail(ours.error());
  if (auto done = configure_writer(*database, path, users); !done) return fail(done.error());
  if (auto done = migrate(*database, resources); !done) return refuse(done.error());
  return database;
}

Result<std::optional<Api>> known_api(Database& database) {
  auto statement = database.prepare(
      "SELECT provider, host FROM runs WHERE provider IS NOT NULL ORDER BY id DESC LIMIT 1");
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return Api{std::string(statement->text(0)), std::string(statement->text(1))};
}

Result<Database> open_reader(const fs::path& given, Access access) {
  const auto real = real_path(given);
  if (!real) return fail(real.error());
  const fs::path& path = *real;
  std::error_code ignored;
  if (Status ready = check_path(path); !ready) return fail(ready.error());
  if (!fs::exists(path, ignored)) return refuse(path, "does not exist; a run creates it");
  auto database = open_connection(path, access, {});
  if (!database) return database;
  const auto ours = is_ours(*database, path);
  if (!ours) return fail(ours.error());
  if (!*ours) return refuse(path, "is empty; a run fills it");
  return database;
}

}  // namespace repopipe
