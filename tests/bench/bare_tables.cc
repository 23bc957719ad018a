#include "tests/bench/bare_tables.h"

#include <fmt/format.h>

#include <cstdlib>

namespace repopipe::bench {
namespace {

constexpr std::size_t kRowsACommit = 5000;

std::string declaration(const Field& field) {
  const bool is_text = field.type == FieldType::text || field.type == FieldType::text_list;
  const char* key = field.role == Role::repo_id ? " PRIMARY KEY" : "";
  return fmt::format("\"{}\" {}{}", field.column, is_text ? "TEXT" : "INTEGER", key);
}

std::string comma_separated(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

struct Bind {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(std::string_view text) const {
    return sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()),
                             SQLITE_STATIC);
  }
};

}  // namespace

BareTables::BareTables(const std::string& path, Fields fields) {
  check(sqlite3_open(path.c_str(), &database_));
  execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Role role = fields[i].role;
    const bool is_owners = role == Role::owner_login || role == Role::owner_kind;
    if (is_owners || role == Role::owner_id) user_columns_.push_back(i);
    if (is_owners) continue;
    repo_columns_.push_back(i);
    columns.push_back(declaration(fields[i]));
  }
  execute("CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT, kind TEXT)");
  execute("CREATE TABLE repos (" + comma_separated(columns) + ")");
  const std::vector<std::string> marks(columns.size(), "?");
  insert_repo_ = prepare("INSERT OR REPLACE INTO repos VALUES (" + comma_separated(marks) + ")");
  insert_user_ = prepare("INSERT OR REPLACE INTO users VALUES (?, ?, ?)");
  execute("BEGIN");
}

BareTables::~BareTables() {
  execute("COMMIT");
  sqlite3_finalize(insert_repo_);
  sqlite3_finalize(insert_user_);
  sqlite3_close(database_);
}

void BareTables::insert(const RecordBatch& rows) {
  if (rows.rows() > 0) insert_row(insert_user_, user_columns_, rows, 0);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    insert_row(insert_repo_, repo_columns_, rows, row);
  }
  uncommitted_ += rows.rows();
  if (uncommitted_ < kRowsACommit) return;
  uncommitted_ = 0;
  execute("COMMIT; BEGIN");
}

void BareTables::insert_row(sqlite3_stmt* statement, const std::vector<std::size_t>& columns,
                            const RecordBatch& rows, std::size_t row) {
  int index = 0;
  for (const std::size_t column : columns) {
    check(std::visit(Bind{statement, ++index}, rows.at(row, column)));
  }
  if (sqlite3_step(statement) != SQLITE_DONE) check(sqlite3_errcode(database_));
  check(sqlite3_reset(statement));
}

void BareTables::execute(const std::string& sql) {
  check(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr));
}

sqlite3_stmt* BareTables::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr));
  return statement;
}

void BareTables::check(int code) const {
  if (code == SQLITE_OK) return;
  fmt::print(stderr, "bare_loop: {}\n", sqlite3_errmsg(database_));
  std::exit(EXIT_FAILURE);
}

}  // namespace repopipe::bench
