// How a connection waits while another program holds the file, and who hears of it.
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
struct BusyTimeout {
  std::chrono::milliseconds longest{};
  // Hears how long the statement will still wait; runs on the statement's thread.  Nobody minds
  // a lock of a moment.
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

  // Waits a little.  `tries`: how often this statement has tried in vain, before this time.  False:
  // that was long enough.
  bool wait(int tries);

 private:
  const BusyTimeout timeout_;
  const Clock& clock_;
  Time begin_{};
  Time next_told_{};
};

// Where a file lies behind symbolic links: all names of a database take the same lock and log.

// Absolute, links followed; the file need not exist.  A link that leads nowhere is a failure of
// kind `output`; any other trouble with the path is left to whoever opens it.
Result<std::filesystem::path> real_path(const std::filesystem::path& path);

// One connection to the SQLite file, and transactions on it.  schema.h opens the real ones.

enum class Access { read_only, read_write };

// Threading: one thread at a time; another thread opens another one.
// Failures are of kind `database`; see sqlite_failure for their text.
class Database {
 public:
  // Opens a file that exists, as it is: no check of what is in it.  A failure is of kind `output`,
  // or one of kind_of_error.
  static Result<Database> open(const std::filesystem::path& path, Access access);

  // From now on a statement that meets another program's lock waits.  `clock` outlives this.
  void set_busy_timeout(BusyTimeout busy_timeout, const Clock& clock);
  // From now on a statement fails soon after `stops` says so, which is asked on its thread.
  void stop_when(std::function<bool()> stops);
  // From now on commits leave the write-ahead log as it is, and `told` hears how many pages it has,
  // on the thread that commits.  Empty: SQLite sees to the log by itself, as before.
  void on_commit(std::function<void(int log_pages)> told);
  // Moves pages of the log into the file, all that no reader needs there.  Waits for nobody; on a
  // failure they stay in the log.  True: the log holds nothing more that the file lacks.
  Result<bool> checkpoint();
  // The log stays as it is when this connection is closed.
  void leave_log();
  // Carries out statements that give no rows.
  Status execute(const std::string& sql);
  // Another file as the schema `name`, for reading only.  `path` is absolute.
  Status attach(const std::filesystem::path& path, const std::string& name);
  // Meant to be done once and kept: the plan is made here.
  Result<Statement> prepare(std::string_view sql);
  // The first column of the only row.
  Result<std::int64_t> integer(std::string_view sql);

  std::filesystem::path path() const;
  bool is_read_only() const;
  bool in_transaction() const;
  // Of the last call: SQLite's primary result code.
  int error_code() const;
  Failure failure() const { return sqlite_failure(handle_.get()); }

 private:
  // A writer empties the write-ahead log as it closes, unless a reader still needs it or it is to
  // be left.
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  // Used by the connection.
  std::unique_ptr<BusyWait> busy_wait_;
  std::unique_ptr<std::function<bool()>> stops_;
  std::unique_ptr<std::function<void(int)>> committed_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// Prepares the statements of an object that holds many, and remembers the first failure: whoever
// constructs the object looks at status() before using it.
class Preparation {
 public:
  explicit Preparation(Database& database) : database_(database) {}

  Statement operator()(std::string_view sql);
  const Status& status() const { return status_; }

 private:
  Database& database_;
  Status status_;
};

// Statements that are used once.
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

// A write transaction has the lock from its begin on; a read one sees the database as it was then.
enum class TransactionKind { read, write };

// Rolls back unless committed.  The Database must outlive it and stay where it is.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database, TransactionKind kind);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // After a failure nothing of it is written.
  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace repopipe
