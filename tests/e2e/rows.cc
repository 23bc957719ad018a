#include "tests/e2e/rows.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>

namespace repopipe::e2e {
namespace {

constexpr int kBusyMilliseconds = 10'000;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};
using Connection = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

void require(bool good, sqlite3* handle, const std::string& sql) {
  if (!good) throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle));
}

Connection open(const std::filesystem::path& path, int access) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, access, nullptr);
  Connection connection(handle);
  require(code == SQLITE_OK, handle, path.string());
  // A run that opens or closes the database locks it for a moment.
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  return connection;
}

std::string text_of(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text == nullptr ? "NULL" : text;
}

Rows rows_of(sqlite3* connection, const std::string& sql) {
  sqlite3_stmt* handle = nullptr;
  const int prepared = sqlite3_prepare_v2(connection, sql.c_str(), -1, &handle, nullptr);
  const Statement statement(handle);
  require(prepared == SQLITE_OK, connection, sql);
  Rows rows;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(handle)) == SQLITE_ROW) {
    Row row;
    for (int i = 0; i < sqlite3_column_count(handle); ++i) row.push_back(text_of(handle, i));
    rows.push_back(std::move(row));
  }
  require(code == SQLITE_DONE, connection, sql);
  return rows;
}

// Times of the program's clock, and columns that depend on them: errors with ports and times, and
// bytes, because headers count the quota down.  Times from GitHub are facts.
bool is_moment(const std::string& column) {
  static const std::set<std::string> kMoments{
      "started_at",   "finished_at",     "settled_at", "changed_at", "first_seen_at",
      "last_seen_at", "last_changed_at", "valid_from", "queued_ms",  "fetch_ms",
      "parse_ms",     "store_ms",        "error",      "bytes"};
  return kMoments.contains(column);
}

// How much there was to do is not what came of it.  A listing has more pages, smaller ones, when
// one has failed twice, and a response that is lost with its worker can lead to that.
bool is_effort(const std::string& column) {
  return column == "requests" || column == "attempts" || column == "pages";
}

std::string shown(const std::string& table, const std::string& column) {
  const std::string quoted = '"' + column + '"';
  if (column == "gone_since" || column == "valid_to") return quoted + " IS NULL";
  if (table == "repo_changes" && column == "new_value") {
    return "CASE field WHEN 'gone_since' THEN new_value IS NULL ELSE new_value END";
  }
  if (table == "repo_changes" && column == "old_value") {
    return "CASE field WHEN 'gone_since' THEN old_value IS NULL ELSE old_value END";
  }
  return quoted;
}

void add_table(const Connection& connection, const std::string& table, Part part,
               std::vector<std::string>& lines) {
  std::string columns;
  for (const Row& row :
       rows_of(connection.get(), "SELECT name FROM pragma_table_info('" + table + "')")) {
    if (is_moment(row[0]) || (part != Part::effort && is_effort(row[0]))) continue;
    columns += (columns.empty() ? "" : ", ") + shown(table, row[0]);
  }
  for (const Row& row : rows_of(connection.get(), "SELECT " + columns + " FROM " + table)) {
    std::string line = table;
    for (const std::string& cell : row) line += '|' + cell;
    lines.push_back(std::move(line));
  }
}

// Their ids only say in which order they came.
void add_requests(const Connection& connection, std::vector<std::string>& lines) {
  for (const Row& row : rows_of(connection.get(),
                                "SELECT run_id, login, page, attempt, status, outcome "
                                "FROM requests")) {
    std::string line = "requests";
    for (const std::string& cell : row) line += '|' + cell;
    lines.push_back(std::move(line));
  }
}

}  // namespace

Reader::Reader(const std::filesystem::path& database)
    : handle_(open(database, SQLITE_OPEN_READONLY).release()) {
  sqlite3_busy_timeout(handle_, 0);
}

Reader::~Reader() {
  sqlite3_close_v2(handle_);
}

Rows Reader::query(const std::string& sql) const {
  return rows_of(handle_, sql);
}

Rows query(const std::filesystem::path& database, const std::string& sql) {
  return rows_of(open(database, SQLITE_OPEN_READONLY).get(), sql);
}

std::string value(const std::filesystem::path& database, const std::string& sql) {
  return query(database, sql).at(0).at(0);
}

void execute(const std::filesystem::path& database, const std::string& sql) {
  const Connection connection = open(database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  require(sqlite3_exec(connection.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
          connection.get(), sql);
}

std::vector<std::string> dump(const std::filesystem::path& database, Part part) {
  const Connection connection = open(database, SQLITE_OPEN_READONLY);
  std::vector<std::string> lines;
  for (const char* table : {"users", "repos", "repo_topics", "repo_stats", "repo_changes"}) {
    add_table(connection, table, part, lines);
  }
  if (part != Part::world) add_table(connection, "run_users", part, lines);
  if (part == Part::effort) add_requests(connection, lines);
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> difference(const std::vector<std::string>& got,
                                    const std::vector<std::string>& expected) {
  std::vector<std::string> missing, surplus, lines;
  std::ranges::set_difference(expected, got, std::back_inserter(missing));
  std::ranges::set_difference(got, expected, std::back_inserter(surplus));
  for (const std::string& line : missing) lines.push_back("- " + line);
  for (const std::string& line : surplus) lines.push_back("+ " + line);
  return lines;
}

}  // namespace repopipe::e2e
