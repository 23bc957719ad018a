// A connection to the SQLite file: busy timeout, checkpoints, transactions.  Used by all of
// storage/; schema.h opens the database of a job.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "storage/sqlite/statement.h"

namespace repopipe {

// How long a statement waits for the lock of another program.
struct BusyTimeout {
  std::chrono::milliseconds longest{};
  // Gets the remaining time of a wait, first after `first_told` and then every `told_every`.  Runs
  // on the thread of the statement.
  std::function<void(std::chrono::milliseconds left)> told{};
  std::chrono::milliseconds first_told = std::chrono::seconds(5);
  std::chrono::milliseconds told_every = std::chrono::minutes(1);
};

// Threading: that of the connection.
class BusyWait {
 public:
  // `clock` outlives it.
  BusyWait(BusyTimeout busy_timeout, const Clock& clock)
      : timeout_(std::move(busy_timeout)), clock_(clock) {}

  // Waits before the next try.  `tries`: the number of earlier tries of this statement.  False: the
  // timeout has passed.
  bool wait(int tries);

 private:
  const BusyTimeout timeout_;
  const Clock& clock_;
  Time begin_{};
  Time next_told_{};
};

// The absolute path without symbolic links, so that all names of a database use the same lock and
// log.  The file need not exist.  A dangling link is a failure of kind `output`; opening the file
// reports other errors of the path.
Result<std::filesystem::path> real_path(const std::filesystem::path& path);

// `inspect`: opens nothing for writing, see inspection_vfs.h.  The path is absolute, and the caller
// finds out whether the file changed while it was read.
enum class Access { read_only, read_write, inspect };

// One connection.  Threading: one thread at a time; another thread opens its own connection.
// Failures are of kind `database`; see sqlite_failure for their text.
class Database {
 public:
  // Opens an existing file without a check of its content.  The kind of a failure is that of
  // kind_of_error.
  static Result<Database> open(const std::filesystem::path& path, Access access);

  // From now on, a statement waits for the lock of another program.  `clock` outlives this.
  void set_busy_timeout(BusyTimeout busy_timeout, const Clock& clock);
  // From now on, a statement fails soon after `stops` returns true.  `stops` runs on its thread.
  void stop_when(std::function<bool()> stops);
  // From now on, commits do not move the write-ahead log; `told` gets the number of its pages, on
  // the thread that commits.  Empty: SQLite moves the log by itself again.
  void on_commit(std::function<void(int log_pages)> told);
  // Moves pages of the log into the file, except those that a reader still needs in the log.  Does
  // not wait.  After a failure the pages are still in the log.  True: all pages were moved.
  Result<bool> checkpoint();
  // Closing this connection will not move the log.
  void leave_log();
  // Runs statements that return no rows.
  Status execute(const std::string& sql);
  // Attaches another file as the schema `name`, for reading only.  `path` is absolute.
  Status attach(const std::filesystem::path& path, const std::string& name);
  // Compiles a statement, which is expensive: prepare it once and keep it.
  Result<Statement> prepare(std::string_view sql);
  // The first column of the only row.
  Result<std::int64_t> integer(std::string_view sql);

  std::filesystem::path path() const;
  bool is_read_only() const;
  bool in_transaction() const;
  // SQLite's primary result code of the last call.
  int error_code() const;
  Failure failure() const { return sqlite_failure(handle_.get()); }

 private:
  // Closing a writer empties the write-ahead log, unless a reader still needs it or leave_log() was
  // called.
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  // SQLite calls these.  They are destroyed after the connection.
  std::unique_ptr<BusyWait> busy_wait_;
  std::unique_ptr<std::function<bool()>> stops_;
  std::unique_ptr<std::function<void(int)>> committed_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// Prepares the statements of an object that has many, and stores the first failure.  The caller
// checks status() before it uses the object.
class Preparation {
 public:
  explicit Preparation(Database& database) : database_(database) {}

  Statement operator()(std::string_view sql);
  const Status& status() const { return status_; }

 private:
  Database& database_;
  Status status_;
};

// Prepares and runs a statement once.
template <class... Values>
Status run_once(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  return statement->bind(values...).run();
}

// The first column of the first row, if there is one.
template <class... Values>
Result<std::optional<std::int64_t>> number_of(Database& database, std::string_view sql,
                                              const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(values...).step();
  if (!row) return fail(row.error());
  return *row ? std::optional(statement->integer(0)) : std::nullopt;
}

// A write transaction takes the lock when it begins.  A read transaction sees the state at its
// first read.
enum class TransactionKind { read, write };

// Rolls back unless committed.  The Database outlives it and is not moved.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database, TransactionKind kind);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // After a failure nothing is written.
  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace repopipe
