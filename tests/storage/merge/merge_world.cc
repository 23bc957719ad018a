#include "tests/storage/merge/merge_world.h"

#include <algorithm>
#include <set>

#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTables[] = {
    "runs",           "run_users",  "requests",      "users",        "repos",
    "repo_topics",    "repo_stats", "repo_changes",  "listings",     "pages",
    "user_renames",   "run_parts",  "missing_repos", "run_listings", "members",
    "member_changes", "run_waits",  "run_tokens",    "run_requests"};

// Cells in the form of quote(), which distinguishes NULL from 'NULL'.
std::vector<std::string> sorted_rows(Database& database, const std::string& table,
                                     const std::set<std::string>& except) {
  std::string cells;
  for (const std::string& name :
       rows(database, "SELECT name FROM pragma_table_info('" + table + "')")) {
    if (except.contains(name)) continue;
    const bool is_run = name == "run_id" || name == "first_seen_run";
    cells += cells.empty() ? "" : ", ";
    cells += is_run ? "(SELECT uid FROM runs WHERE runs.id = t." + name + ")"
                    : "quote(t.\"" + name + "\")";
  }
  auto all = rows(database, "SELECT '" + table + "', " + cells + " FROM " + table + " t");
  std::ranges::sort(all);
  return all;
}

Database open(const fs::path& path) {
  auto database = Database::open(path, Access::read_write);
  if (!database) ADD_FAILURE() << database.error().message;
  return std::move(*database);
}

}  // namespace

void spend(const fs::path& path, const Night& night) {
  auto database = open_database(path, resources_with_members());
  ASSERT_TRUE(database) << database.error().message;
  RunTable run_table(*database, resources_with_members());
  const auto start = run_table.begin(
      {.job = "nightly", .version = "1", .started_at = on_day(night.day), .shard = night.shard},
      Unfinished::resume);
  ASSERT_TRUE(start) << start.error().message;
  const TickingClock clock;
  auto store = SqliteStore::open(*database, start->run_id, resources_with_members(), clock);
  ASSERT_TRUE(store) << store.error().message;
  for (const Listing& listing : night.listings) {
    const auto written = write_group(**store, {&listing, 1});
    ASSERT_TRUE(written) << written.error().message;
  }
  if (night.status == RunStatus::running) return;
  RunEnd end{.status = night.status, .exit_code = ExitCode::complete};
  end.times.waits[0] = {std::chrono::seconds(1), 2};
  end.tokens = {{.token = "env:A", .quota_limit = 5000, .remaining = 4000 - night.day}};
  ASSERT_TRUE(
      run_table.finish(start->run_id, end, Marks{}, on_day(night.day) + std::chrono::hours(1)));
}

std::vector<Merged> merge_all(const fs::path& into, const std::vector<fs::path>& from) {
  std::vector<Merged> all;
  auto database = open_database(into, resources_with_members());
  EXPECT_TRUE(database) << database.error().message;
  Merge merge(*database, resources_with_members());
  const Status numbered = merge.number_runs(from);
  EXPECT_TRUE(numbered) << numbered.error().message;
  for (const fs::path& each : from) {
    const auto merged = merge.fold(each);
    EXPECT_TRUE(merged) << merged.error().message;
    if (merged) all.push_back(*merged);
  }
  return all;
}

std::vector<std::string> merged_tables() {
  std::vector<std::string> tables(std::begin(kTables), std::end(kTables));
  std::ranges::sort(tables);
  return tables;
}

std::vector<std::string> logical(const fs::path& path) {
  Database database = open(path);
  std::vector<std::string> all;
  for (const std::string table : kTables) {
    const bool is_numbered = table == "runs" || table == "requests";
    const auto some =
        sorted_rows(database, table,
                    is_numbered ? std::set<std::string>{"id", "merged"} : std::set<std::string>{});
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::vector<std::string> world_of(const fs::path& path) {
  Database database = open(path);
  std::vector<std::string> all;
  for (const char* table : {"users", "repos", "repo_topics", "repo_stats", "repo_changes",
                            "user_renames", "listings", "pages"}) {
    const auto some = sorted_rows(database, table, {"run_id", "first_seen_run"});
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void expect_sound(const fs::path& path) {
  Database database = open(path);
  const std::vector<std::string> none;
  EXPECT_EQ(rows(database, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
  EXPECT_EQ(rows(database, "PRAGMA foreign_key_check"), none);
  EXPECT_EQ(rows(database,
                 "SELECT id FROM repos r WHERE (gone_since IS NULL) <> (SELECT count(*) "
                 "FROM repo_stats WHERE repo_id = r.id AND valid_to IS NULL)"),
            none);
  EXPECT_EQ(rows(database,
                 "SELECT * FROM (SELECT repo_id, valid_from, valid_to, lead(valid_from) "
                 "OVER (PARTITION BY repo_id ORDER BY valid_from) AS next FROM repo_stats)"
                 "WHERE next IS NOT NULL AND (valid_to IS NULL OR valid_to > next)"),
            none);
  EXPECT_EQ(rows(database, "SELECT * FROM repo_stats WHERE valid_to < valid_from"), none);
  EXPECT_EQ(rows(database,
                 "SELECT id FROM repos r WHERE topics <> (SELECT coalesce('[\"' || "
                 "group_concat(topic, '\",\"') || '\"]', '[]') FROM repo_topics t "
                 "WHERE t.repo_id = r.id)"),
            none);
}

}  // namespace repopipe
