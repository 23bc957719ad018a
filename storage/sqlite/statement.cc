#include "storage/sqlite/statement.h"

#include <sqlite3.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <string>

namespace repopipe {
namespace {

// All SQL is part of this program: if a table is missing, another program has removed it.
FailureKind kind_of(int code, std::string_view message) {
  if (code == SQLITE_IOERR_NOMEM) return FailureKind::machine_limit;
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return FailureKind::disk;
    case SQLITE_NOMEM:
      return FailureKind::machine_limit;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return FailureKind::damaged;
    case SQLITE_ERROR:
      return message.starts_with("no such ") ? FailureKind::damaged : FailureKind::database;
    default:  // SQLite's own constants, not an enum of ours
      return FailureKind::database;
  }
}

Failure failure_from(sqlite3* connection, int code, const char* message) {
  const char* file = sqlite3_db_filename(connection, "main");
  std::string text = file != nullptr && *file != '\0' ? file : "database";
  text.append(": ").append(message);
  FailureKind kind = kind_of(code, message);
  if ((code & 0xff) == SQLITE_CANTOPEN) {  // its log, or a journal
    const int system = sqlite3_system_errno(connection);
    const FailureKind of_system = kind_of_error(system);
    if (policy_of(of_system).of_machine) kind = of_system;
    if (system != 0) text.append(": ").append(std::strerror(system));
  }
  text.append(" (SQLite ").append(std::to_string(code)).append(")");
  return {kind, std::move(text)};
}

}  // namespace

Failure sqlite_failure(sqlite3* connection) {
  return failure_from(connection, sqlite3_extended_errcode(connection), sqlite3_errmsg(connection));
}

FailureKind kind_of_error(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
      return FailureKind::disk;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return FailureKind::machine_limit;
    default:
      return FailureKind::output;
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

void Statement::set_integer(int index, std::int64_t value) {
  remember(sqlite3_bind_int64(handle_.get(), index, value));
}

void Statement::set(int index, double value) {
  remember(sqlite3_bind_double(handle_.get(), index, value));
}

void Statement::set(int index, std::string_view text) {
  // A null pointer would become NULL, even with length 0.
  const char* begin = text.data() == nullptr ? "" : text.data();
  remember(
      sqlite3_bind_text64(handle_.get(), index, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::set(int index, std::monostate) {
  remember(sqlite3_bind_null(handle_.get(), index));
}

Result<bool> Statement::step() {
  sqlite3* connection = sqlite3_db_handle(handle_.get());
  if (error_ != SQLITE_OK) {
    return fail(failure_from(connection, error_, sqlite3_errstr(error_)));
  }
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Failure failure = sqlite_failure(connection);
  reset();
  return fail(std::move(failure));
}

Status Statement::run() {
  const auto stepped = step();
  if (!stepped) return fail(stepped.error());
  assert(!*stepped);
  reset();
  return {};
}

std::int64_t Statement::rows_written() const {
  return sqlite3_changes64(sqlite3_db_handle(handle_.get()));
}

void Statement::reset() {
  sqlite3_reset(handle_.get());  // returns the error of the last step again
  error_ = SQLITE_OK;
}

int Statement::columns() const {
  return sqlite3_column_count(handle_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return begin == nullptr ? std::string_view{} : std::string_view(begin, length);
}

CellView Statement::cell(int column) const {
  switch (sqlite3_column_type(handle_.get(), column)) {
    case SQLITE_NULL:
      return std::monostate{};
    case SQLITE_INTEGER:
      return integer(column);
    default:  // SQLite's own constants, not an enum of ours
      return text(column);
  }
}

bool Statement::equals(int column, const CellView& value) const {
  const int type = sqlite3_column_type(handle_.get(), column);
  if (const auto* wanted = std::get_if<std::string_view>(&value)) {
    return type == SQLITE_TEXT && text(column) == *wanted;
  }
  if (const auto* wanted = std::get_if<std::int64_t>(&value)) {
    return type == SQLITE_INTEGER && integer(column) == *wanted;
  }
  return type == SQLITE_NULL;
}

}  // namespace repopipe
