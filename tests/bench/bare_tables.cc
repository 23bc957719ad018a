#include "tests/bench/bare_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace repopipe::bench {
namespace {

constexpr std::size_t kRowsACommit = 5000;

constexpr const char* kUsers =
    "INSERT INTO users (id, login, kind, first_seen_at, first_seen_run, last_seen_at) "
    "VALUES (?1, ?2, ?3, ?4, 1, ?4)";
constexpr const char* kTopics = "INSERT INTO repo_topics (repo_id, topic) VALUES (?, ?)";
constexpr const char* kStats =
    "INSERT INTO repo_stats (repo_id, valid_from, size, stargazers_count, forks_count, "
    "open_issues_count) VALUES (?, ?, ?, ?, ?, ?)";
constexpr const char* kRunUsers =
    "INSERT INTO run_users (run_id, login, outcome, user_id, settled_at, repos, repos_new, "
    "repos_changed, repos_gone, skipped, pages, requests, attempts, bytes, queued_ms, fetch_ms, "
    "parse_ms, store_ms) VALUES (1, ?1, 'ok', ?2, ?3, ?4, ?4, 0, 0, 0, ?5, ?5, 1, ?6, 0, ?7, ?8, "
    "0)";
constexpr const char* kRequests =
    "INSERT INTO requests (run_id, login, page, attempt, started_at, status, http_version, bytes, "
    "name_lookup_ms, connect_ms, tls_ms, first_byte_ms, total_ms, outcome) "
    "VALUES (1, ?, ?, 1, ?, ?, '1.1', ?, ?, ?, ?, ?, ?, 'ok')";
constexpr const char* kRuns =
    "INSERT INTO runs (id, job, version, status, started_at) VALUES (1, 'bench', '0', 'running', "
    "?)";
constexpr const char* kFinish =
    "UPDATE runs SET (status, exit_code, users_ok, repos_seen, repos_new, requests, bytes, "
    "fetch_busy_ms, parse_busy_ms) = (SELECT 'complete', 0, count(*), sum(repos), sum(repos_new), "
    "sum(requests), sum(bytes), sum(fetch_ms), sum(parse_ms) FROM run_users), "
    "finished_at = ?, wall_ms = ?";

void check(int code, sqlite3* database) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  fmt::print(stderr, "bare_loop: {}\n", sqlite3_errmsg(database));
  std::exit(EXIT_FAILURE);
}

sqlite3* open(const std::string& path) {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* database = nullptr;
  check(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        nullptr),
        database);
  return database;
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

Insert::Insert(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(
      sqlite3_prepare_v3(database, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
      database);
  statement_.reset(statement);
}

Insert& Insert::add(const CellView& value) {
  check(std::visit(Bind{statement_.get(), ++bound_}, value), sqlite3_db_handle(statement_.get()));
  return *this;
}

Insert& Insert::add_ms(Duration duration) {
  const double ms = std::chrono::duration<double, std::milli>(duration).count();
  check(sqlite3_bind_double(statement_.get(), ++bound_, ms), sqlite3_db_handle(statement_.get()));
  return *this;
}

void Insert::run() {
  sqlite3* const database = sqlite3_db_handle(statement_.get());
  check(sqlite3_step(statement_.get()), database);
  check(sqlite3_reset(statement_.get()), database);
  bound_ = 0;
}

BareTables::BareTables(const std::string& path, Fields fields)
    : database_(open(path)), fields_(fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Role role = fields[i].role;
    const bool is_owners = role == Role::account_login || role == Role::account_kind;
    if (is_owners || role == Role::account_id) user_columns_.push_back(i);
    if (!is_owners) resource_columns_.push_back(i);
    if (role == Role::statistic) statistics_.push_back(i);
    if (fields[i].identity == Identity::yes) repo_id_ = i;
    if (fields[i].type == FieldType::text_list) topics_ = i;
  }
  execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;"
      "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 1000");
  const auto prepare = [this](const std::string& sql) {
    return std::make_unique<Insert>(database_.get(), sql);
  };
  users_ = prepare(kUsers);
  repos_ = prepare(insert_repo_sql());
  repo_topics_ = prepare(kTopics);
  repo_stats_ = prepare(kStats);
  run_users_ = prepare(kRunUsers);
  requests_ = prepare(kRequests);
  execute("BEGIN");
  prepare(kRuns)->add(to_iso8601(clock_.wall())).run();
}

std::string BareTables::insert_repo_sql() const {
  std::string columns;
  std::string marks;
  for (const std::size_t column : resource_columns_) {
    columns += fmt::format("\"{}\", ", fields_[column].column);
    marks += "?, ";
  }
  return "INSERT INTO repos (" + columns + "first_seen_at, last_seen_at, first_seen_run) VALUES (" +
         marks + "?, ?, 1)";
}

void BareTables::insert(const BarePage& fetched) {
  const RecordBatch& rows = fetched.page.rows;
  const std::string now = to_iso8601(clock_.wall());
  if (fetched.page.number == 1 && rows.rows() > 0) {
    for (const std::size_t column : user_columns_) users_->add(rows.at(0, column));
    users_->add(now).run();
  }
  order_.resize(rows.rows());
  std::iota(order_.begin(), order_.end(), 0);
  std::ranges::sort(order_, {}, [&](std::size_t row) { return rows.at(row, repo_id_); });
  for (const std::size_t row : order_) insert_repo(rows, row, now);
  insert_request(fetched.login, fetched.log);
  count(fetched, now);
  uncommitted_ += rows.rows();
  if (uncommitted_ < kRowsACommit) return;
  uncommitted_ = 0;
  execute("COMMIT; BEGIN");
}

void BareTables::insert_repo(const RecordBatch& rows, std::size_t row, const std::string& now) {
  for (const std::size_t column : resource_columns_) repos_->add(rows.at(row, column));
  repos_->add(now).add(now).run();
  const CellView id = rows.at(row, repo_id_);
  repo_stats_->add(id).add(now);
  for (const std::size_t column : statistics_) repo_stats_->add(rows.at(row, column));
  repo_stats_->run();
  insert_topics(id, rows.at(row, topics_));
}

// A JSON array of strings that have no escapes: letters, digits and hyphens.
void BareTables::insert_topics(const CellView& repo, const CellView& topics) {
  const auto* text = std::get_if<std::string_view>(&topics);
  if (text == nullptr) return;
  std::size_t begin = text->find('"');
  while (begin != std::string_view::npos) {
    const std::size_t end = text->find('"', begin + 1);
    repo_topics_->add(repo).add(text->substr(begin + 1, end - begin - 1)).run();
    begin = text->find('"', end + 1);
  }
}

void BareTables::insert_request(const std::string& login, const RequestLog& log) {
  const Timing& timing = log.timing;
  const std::string started_at = to_iso8601(timing.started_at);
  requests_->add(login).add(log.page).add(started_at).add(log.status);
  requests_->add_count(log.bytes).add_ms(timing.name_lookup).add_ms(timing.connect);
  requests_->add_ms(timing.tls).add_ms(timing.first_byte).add_ms(timing.total).run();
}

void BareTables::count(const BarePage& fetched, const std::string& now) {
  User& user = open_users_[fetched.login];
  const RecordBatch& rows = fetched.page.rows;
  if (rows.rows() > 0) user.id = rows.at(0, user_columns_.front());
  user.outstanding += fetched.follow_ups - 1;
  user.repos += rows.rows();
  user.pages += 1;
  user.bytes += fetched.log.bytes;
  user.fetch += fetched.log.timing.total;
  user.parse += fetched.parse;
  if (user.outstanding > 0) return;
  run_users_->add(fetched.login).add(user.id).add(now).add_count(user.repos).add_count(user.pages);
  run_users_->add_count(user.bytes).add_ms(user.fetch).add_ms(user.parse).run();
  open_users_.erase(fetched.login);
}

void BareTables::finish() {
  const std::string now = to_iso8601(clock_.wall());
  Insert(database_.get(), kFinish).add(now).add_ms(clock_.now() - began_).run();
  execute("COMMIT");
}

void BareTables::execute(const std::string& sql) {
  check(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr), database_.get());
}

}  // namespace repopipe::bench
