#include "storage/merge/merge.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "storage/merge/merge_steps.h"
#include "storage/schema/schema.h"
#include "storage/schema/tables.h"
#include "storage/sqlite/database.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using AllColumns = std::vector<ResourceColumns>;

constexpr const char* kTables[] = {"runs",     "run_parts",    "run_users", "run_listings",
                                   "requests", "run_requests", "run_waits", "run_tokens",
                                   "users",    "user_renames", "listings",  "pages"};

constexpr const char* kNumberRuns = R"sql(
CREATE TEMP TABLE run_numbers (uid TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO run_numbers
SELECT uid, row_number() OVER (ORDER BY started_at, uid) +
            (SELECT coalesce(max(id), 0) FROM main.runs)
FROM run_starts WHERE NOT EXISTS (SELECT 1 FROM main.runs r WHERE r.uid = run_starts.uid);
DROP TABLE run_starts)sql";

constexpr const char* kForgetMatches =
    "DROP TABLE run_map; DROP TABLE met_users; DROP TABLE met_listings";

// Attaches another file as the schema `incoming` for the lifetime of the object.
class Incoming {
 public:
  static Result<Incoming> attach(Database& database, const fs::path& file) {
    const auto real = real_path(file);
    if (!real) return fail(real.error());
    if (auto done = database.attach(*real, "incoming"); !done) return fail(done.error());
    return Incoming(database);
  }
  Incoming(Incoming&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Incoming& operator=(Incoming&&) = delete;
  ~Incoming() {
    if (database_ != nullptr) (void)database_->execute("DETACH incoming");
  }

 private:
  explicit Incoming(Database& database) : database_(&database) {}

  Database* database_;
};

// Nothing for a file of an older schema, or without a run.
Result<std::optional<Api>> api_of(const fs::path& file) {
  auto reader = open_reader(file);
  if (!reader) return fail(reader.error());
  const auto version = reader->integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (*version < schema_version()) return std::nullopt;
  return known_api(*reader);
}

bool is_same_file(const fs::path& one, const fs::path& other) {
  std::error_code ignored;
  if (fs::equivalent(one, other, ignored)) return true;  // through links of either kind
  const auto left = real_path(one);
  const auto right = real_path(other);
  return left && right && *left == *right;
}

// The first column that only one of two schemas has; nothing if there is none.
Result<std::string> column_missing_in(Database& database, const std::vector<std::string>& tables,
                                      const std::string& schema, const std::string& other) {
  auto statement = database.prepare(
      "SELECT name FROM pragma_table_info(?1, ?2) WHERE name NOT IN "
      "(SELECT name FROM pragma_table_info(?1, ?3))");
  if (!statement) return fail(statement.error());
  for (const std::string& table : tables) {
    const auto row =
        statement->bind(std::string_view(table), std::string_view(other), std::string_view(schema))
            .step();
    if (!row) return fail(row.error());
    if (*row) return table + "." + std::string(statement->text(0));
  }
  return std::string();
}

// Programs with the same schema version may have different resources, and different fields.
Status compare_columns(Database& database, const AllColumns& resources) {
  std::vector<std::string> tables(std::begin(kTables), std::end(kTables));
  for (const ResourceColumns& columns : resources) {
    for (TableSql& table : resource_tables(columns)) tables.push_back(std::move(table.name));
  }
  const auto lacks = column_missing_in(database, tables, "incoming", "main");
  if (!lacks) return fail(lacks.error());
  if (!lacks->empty()) {
    return fail(FailureKind::output, "lacks the column " + *lacks +
                                         "; the next run of its job with this program adds it");
  }
  const auto more = column_missing_in(database, tables, "main", "incoming");
  if (!more) return fail(more.error());
  if (more->empty()) return {};
  return fail(
      FailureKind::output,
      "has the column " + *more + ", which this program does not know; use the newer repopipe");
}

Status match_all(Database& database, const AllColumns& resources) {
  Status done = match_runs(database);
  if (done) done = match_users(database);
  for (const ResourceColumns& columns : resources) {
    if (done)
      done = columns.is_stay ? match_stays(database, columns) : match_records(database, columns);
  }
  return done ? match_listings(database) : done;
}

Status take_all(Database& database, const AllColumns& resources) {
  Status done = take_runs(database, resources);
  if (done) done = take_users(database);
  for (const ResourceColumns& columns : resources) {
    if (done)
      done = columns.is_stay ? take_stays(database, columns) : take_records(database, columns);
  }
  return done ? take_listings(database) : done;
}

Result<Merged> count(Database& database, const AllColumns& resources) {
  auto statement = database.prepare(
      sql_for(main_of(resources),
              "SELECT (SELECT count(*) FROM run_map WHERE taken),"
              "       (SELECT count(*) FROM met_users WHERE newer), count(*) FILTER (WHERE newer),"
              "       count(*) FILTER (WHERE is_new) FROM met_{table}"));
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  const auto number = [&](int column) {
    return static_cast<std::uint64_t>(statement->integer(column));
  };
  return Merged{number(0), number(1), number(2), number(3)};
}

Status forget_matches(Database& database, const AllColumns& resources) {
  Status done = database.execute(kForgetMatches);
  for (const ResourceColumns& columns : resources) {
    if (done) done = database.execute("DROP TABLE met_" + columns.table);
  }
  return done;
}

Result<Merged> fold_incoming(Database& database, const AllColumns& resources) {
  auto transaction = Transaction::begin(database, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  Status done = compare_columns(database, resources);
  if (done) done = match_all(database, resources);
  if (done) done = take_all(database, resources);
  if (!done) return fail(done.error());
  const auto merged = count(database, resources);
  if (!merged) return merged;
  done = forget_matches(database, resources);
  if (done) done = transaction->commit();
  if (!done) return fail(done.error());
  return merged;
}

}  // namespace

Status tell_apart(const fs::path& into, std::span<const fs::path> from) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (is_same_file(into, from[i])) {
      return fail(FailureKind::usage, from[i].string() + ": is the database to merge into, " +
                                          into.string() + "; name it once");
    }
    for (std::size_t before = 0; before < i; ++before) {
      if (!is_same_file(from[before], from[i])) continue;
      return fail(FailureKind::usage, from[i].string() + ": is the same file as " +
                                          from[before].string() + "; name it once");
    }
  }
  return {};
}

Status check_mergeable(const fs::path& from) {
  auto reader = open_reader(from);
  if (!reader) return fail(reader.error());
  const auto version = reader->integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (*version >= schema_version()) return {};
  return fail(FailureKind::output,
              from.string() + ": has schema version " + std::to_string(*version) +
                  ", older than this program's " + std::to_string(schema_version()) +
                  "; the next run of its job with this program brings it up to date");
}

Result<std::optional<Api>> same_api(const fs::path& into, std::span<const fs::path> from) {
  std::vector<fs::path> files(from.begin(), from.end());
  std::error_code ignored;
  if (fs::exists(into, ignored) && fs::file_size(into, ignored) > 0) files.push_back(into);
  std::optional<Api> first;
  fs::path first_file;
  for (const fs::path& file : files) {
    const auto api = api_of(file);
    if (!api) return fail(api.error());
    if (!*api) continue;
    if (!first) {
      first = **api;
      first_file = file;
    } else if (*first != **api) {
      return fail(FailureKind::job,
                  fmt::format("{}: holds what {} at {} told, and {} what {} at {} told; databases "
                              "of one API can be merged",
                              file.string(), (*api)->provider, (*api)->host, first_file.string(),
                              first->provider, first->host));
    }
  }
  return first;
}

Status Merge::number_runs(std::span<const fs::path> from) {
  Status done =
      into_.execute("CREATE TEMP TABLE run_starts (uid TEXT PRIMARY KEY, started_at TEXT)");
  for (const fs::path& file : from) {
    if (!done) return done;
    const auto incoming = Incoming::attach(into_, file);
    if (!incoming) return fail(incoming.error());
    done =
        into_.execute("INSERT OR IGNORE INTO run_starts SELECT uid, started_at FROM incoming.runs");
    if (!done) return fail(done.error().within(file.string()));
  }
  return done ? into_.execute(kNumberRuns) : done;
}

Result<Merged> Merge::fold(const fs::path& from) {
  const auto incoming = Incoming::attach(into_, from);
  if (!incoming) return fail(incoming.error());
  auto merged = fold_incoming(into_, resources_);
  if (!merged) return fail(merged.error().within(from.string()));
  return merged;
}

}  // namespace repopipe
