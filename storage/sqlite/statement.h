// A prepared SQL statement, and the failures of SQLite.  Created by Database::prepare; used by all
// of storage/.
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

// The last failure of the connection: "/data/repos.db: database or disk is full (SQLite 13)", with
// the extended result code (https://www.sqlite.org/rescode.html).  Of kind `disk`, `damaged` or
// `machine_limit` by the code, otherwise `database`.
Failure sqlite_failure(sqlite3* connection);

// The kind of a system error (errno) of opening or creating a file: `disk`, `machine_limit` or
// `output`.
FailureKind kind_of_error(int number);

// Threading: that of its Database.  After the end of the Database it must not be used, only
// destroyed.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  // Rewinds and sets the parameters from ?1 on.  Texts are not copied: they must be valid until the
  // last step.  The next step() or run() returns a failure of this call, such as a text above
  // SQLite's size limit.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (set(++index, values), ...);
    return *this;
  }

  // Sets one parameter, counted from 1.  The statement must be rewound.
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

  // Moves to the next row; false if there is none.  A statement with a current row keeps a read
  // transaction open until it is rewound.
  Result<bool> step();

  // Runs a statement that returns no rows, and rewinds it.
  Status run();
  // Rows written by the last run().
  std::int64_t rows_written() const;

  void reset();

  int columns() const;

  // Columns of the current row, counted from 0.  Texts are valid until the next step or reset.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  CellView cell(int column) const;
  // Whether the column has this value and type: 1 and "1" differ.
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

// Rewinds a statement at the end of a scope.
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
