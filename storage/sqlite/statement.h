// One prepared SQL statement, typed, and what SQLite said when something failed.  Database::prepare
// makes it; everything in storage/ that reads or writes rows holds its own, prepared once.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "pipeline/base/failure.h"
#include "pipeline/model/records.h"

struct sqlite3;
struct sqlite3_stmt;

namespace repopipe {

// The failure that the connection met last: "/data/repos.db: database or disk is full (SQLite 13)",
// with the extended result code (https://www.sqlite.org/rescode.html).
// Of kind `disk`, `damaged` or `machine_limit` where the code tells, else `database`.
Failure sqlite_failure(sqlite3* connection);

// Of the system's error number with which a file cannot be opened or made: `disk`, `machine_limit`,
// or else `output`.
FailureKind kind_of_error(int number);

// Threading: that of its Database.  May outlive it, but is then of no use.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  // Rewinds and sets the parameters from ?1 on.  Texts are not copied: they must live until the
  // statement has been stepped for the last time.  What fails here, such as a text over SQLite's
  // size limit, is returned by the next step() or run().
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (set(++index, values), ...);
    return *this;
  }

  // One parameter, counted from 1, of a statement that is rewound.
  template <std::integral Integer>
  void set(int index, Integer value) {
    set_integer(index, static_cast<std::int64_t>(value));
  }
  void set(int index, double value);
  void set(int index, std::string_view text);
  void set(int index, std::monostate null);
  template <std::same_as<CellView> Cell>
  void set(int index, const Cell& cell) {
    std::visit([&](const auto& value) { set(index, value); }, cell);
  }
  template <class Value>
  void set(int index, const std::optional<Value>& value) {
    value ? set(index, *value) : set(index, std::monostate{});
  }

  // To the next row: true if there is one.  A statement that stands on a row keeps a read
  // transaction open until it is rewound.
  Result<bool> step();

  // Carries out a statement that gives no rows, and rewinds it.
  Status run();
  // Rows written by the last run().
  std::int64_t rows_written() const;

  void reset();

  int columns() const;

  // Columns of the row it stands on, counted from 0.  Texts live until the next step or reset.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  CellView cell(int column) const;
  // Whether the column holds exactly that value: 1 and "1" differ.
  bool equals(int column, const CellView& value) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };

  void set_integer(int index, std::int64_t value);
  void remember(int code) { error_ = error_ == 0 ? code : error_; }

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  int error_ = 0;  // of the first parameter that could not be set
};

// Rewinds at the end of a scope, on every way out of it.
class Rewind {
 public:
  explicit Rewind(Statement& statement) : statement_(statement) {}
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;
  ~Rewind() { statement_.reset(); }

 private:
  Statement& statement_;
};

}  // namespace repopipe
