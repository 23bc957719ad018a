#include "storage/sqlite/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "storage/sqlite/inspection_vfs.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// The time between two tries: short at first, because most locks are short.
constexpr std::chrono::milliseconds kLongestPause = 100ms;

}  // namespace

bool BusyWait::wait(int tries) {
  const Time now = clock_.now();
  if (tries == 0) {
    begin_ = now;
    next_told_ = now + timeout_.first_told;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(begin_ + timeout_.longest - now);
  if (left <= 0ms) return false;
  if (timeout_.told && now >= next_told_) {
    timeout_.told(left);
    next_told_ = now + timeout_.told_every;
  }
  std::this_thread::sleep_for(std::min({kLongestPause, left, (tries + 1) * 1ms}));
  return true;
}

namespace fs = std::filesystem;

Result<fs::path> real_path(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_symlink(path, ignored) && !fs::exists(path, ignored)) {
    const fs::path target = fs::read_symlink(path, ignored);
    return fail(FailureKind::output, path.string() + ": is a link to " + target.string() +
                                         ", which does not exist; name the file itself");
  }
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(fs::absolute(path, ignored), failed);
  return failed ? fs::absolute(path, ignored) : real;
}

namespace {

constexpr int kLogPages = 1'000;  // SQLite's default

// An exception must not pass through SQLite's C code: SQLite gets `otherwise` instead.
template <class Work>
int not_thrown(Work work, int otherwise) noexcept {
  try {
    return work();
  } catch (...) {
    return otherwise;
  }
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
  // The objects that these callbacks use may be destroyed already, and closing does not wait for a
  // reader.
  sqlite3_busy_handler(handle, nullptr, nullptr);
  sqlite3_progress_handler(handle, 0, nullptr, nullptr);
  sqlite3_wal_hook(handle, nullptr, nullptr);
  int leaves_log = 0;
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &leaves_log);
  if (leaves_log == 0 && sqlite3_db_readonly(handle, "main") == 0 &&
      sqlite3_get_autocommit(handle) != 0) {
    sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  }
  sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& path, Access access) {
  // Turns off the memory statistics, which are not used and lock a mutex for each allocation: 6 %
  // of the instructions of an insert.  Has no effect if SQLite is already in use.
  static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)uncounted;
  // NOMUTEX: a connection is used by one thread at a time.
  const int flags = (access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  const std::string name =
      access == Access::inspect ? name_for_inspection(path) : std::string(path);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code == SQLITE_OK) return database;
  const int system = handle == nullptr ? 0 : sqlite3_system_errno(handle);
  const char* message = system == 0 ? sqlite3_errmsg(handle) : std::strerror(system);
  return fail(kind_of_error(handle == nullptr ? ENOMEM : system),
              path.string() + ": cannot be opened: " + message);
}

void Database::set_busy_timeout(BusyTimeout busy_timeout, const Clock& clock) {
  busy_wait_ = std::make_unique<BusyWait>(std::move(busy_timeout), clock);
  const auto wait = [](void* busy_wait, int tries) noexcept {
    return not_thrown([&] { return static_cast<BusyWait*>(busy_wait)->wait(tries) ? 1 : 0; }, 0);
  };
  sqlite3_busy_handler(handle_.get(), wait, busy_wait_.get());
}

void Database::stop_when(std::function<bool()> stops) {
  constexpr int kStepsBetween = 10'000;  // of SQLite's virtual machine: well under a millisecond
  stops_ = std::make_unique<std::function<bool()>>(std::move(stops));
  const auto ask = [](void* asked) noexcept {
    return not_thrown([&] { return (*static_cast<std::function<bool()>*>(asked))() ? 1 : 0; }, 1);
  };
  sqlite3_progress_handler(handle_.get(), kStepsBetween, ask, stops_.get());
}

void Database::on_commit(std::function<void(int)> told) {
  if (!told) {
    sqlite3_wal_autocheckpoint(handle_.get(), kLogPages);
    committed_.reset();
    return;
  }
  committed_ = std::make_unique<std::function<void(int)>>(std::move(told));
  // An exception of the listener does not undo the commit.
  const auto tell = [](void* committed, sqlite3*, const char*, int log_pages) noexcept {
    return not_thrown(
        [&] {
          (*static_cast<std::function<void(int)>*>(committed))(log_pages);
          return SQLITE_OK;
        },
        SQLITE_OK);
  };
  sqlite3_wal_hook(handle_.get(), tell, committed_.get());
}

Result<bool> Database::checkpoint() {
  int pages = 0;
  int moved = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
  if (code == SQLITE_OK) return pages == moved;
  return fail(failure());
}

void Database::leave_log() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Status Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail(failure());
}

Status Database::attach(const std::filesystem::path& path, const std::string& name) {
  auto statement = prepare("ATTACH ?1 AS " + name);
  if (!statement) return fail(statement.error());
  const std::string uri = uri_of(path, "mode=ro");  // a path alone would be opened for writing
  return statement->bind(std::string_view(uri)).run();
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return fail(failure());
  return Statement(handle);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->integer(0) : 0;
}

std::filesystem::path Database::path() const {
  return sqlite3_db_filename(handle_.get(), "main");
}

bool Database::is_read_only() const {
  return sqlite3_db_readonly(handle_.get(), "main") == 1;
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

int Database::error_code() const {
  return sqlite3_errcode(handle_.get()) & 0xff;
}

Statement Preparation::operator()(std::string_view sql) {
  auto statement = status_ ? database_.prepare(sql) : fail(status_.error());
  if (statement) return std::move(*statement);
  status_ = fail(statement.error());
  return Statement(nullptr);
}

Result<Transaction> Transaction::begin(Database& database, TransactionKind kind) {
  auto begun = database.execute(kind == TransactionKind::write ? "BEGIN IMMEDIATE" : "BEGIN");
  if (!begun) return fail(begun.error());
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // After some failures, such as a full disk, SQLite has already rolled back.
  if (database_ == nullptr || !database_->in_transaction()) return;
  (void)database_->execute("ROLLBACK");
}

Status Transaction::commit() {
  auto committed = database_->execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace repopipe
