// Shared by the tests of storage/: a database in a temporary folder, short listings, and results of
// queries as text.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "storage/schema/schema.h"
#include "storage/store/run_table.h"
#include "storage/store/sqlite_store.h"
#include "tests/storage/temp_folder.h"
#include "tests/storage/test_fields.h"

namespace repopipe {

// Every call advances the time by a millisecond.
class TickingClock final : public Clock {
 public:
  Time now() const override { return now_ += std::chrono::milliseconds(1); }
  WallTime wall() const override { return {}; }

 private:
  mutable Time now_{};
};

using Cell = std::variant<std::monostate, std::int64_t, std::string>;

// A repository of the API: `set` has the fields that are not NULL.
struct Repo {
  std::int64_t id = 0;
  std::string name;
  std::map<std::string, Cell, std::less<>> set = {};
};

// A repository with so many stars.
inline Repo starred(std::int64_t id, std::int64_t stars) {
  return {id, "repo-" + std::to_string(id), {{"stargazers_count", stars}}};
}

struct Owner {
  std::int64_t id = 0;
  std::string login;
};

inline const Owner kAnna{10, "anna"};
inline const Owner kBen{20, "ben"};

// Midnight of 1 November 2026 plus so many days and milliseconds.
WallTime on_day(int day, int milliseconds = 0);

Page page_of(const Owner& owner, const std::vector<Repo>& repos, int number = 1);
// A page with an ETag; `last` is the last page of its listing.
Page read_page(const Owner& owner, const std::vector<Repo>& repos, int number = 1, int last = 1);
// One that has not changed.
Page not_modified_page(std::uint64_t repos, int number = 1);
// A complete listing; unchanged if all its pages are.
Listing of_pages(std::string login, WallTime at, std::vector<Page> pages);
// A complete listing of one page.
Listing listing(const Owner& owner, WallTime at, const std::vector<Repo>& repos);
// A user without a page: empty, failed, abandoned.
Listing bare(std::string login, WallTime at, Outcome outcome, std::string error = "");

// A user whose account does not exist any more, as the API reports.
Listing gone_account(std::string login, WallTime at, std::int64_t account);

RequestLog request_log(int attempt, std::uint64_t bytes);

// One text per row, cells separated by `|`, NULL as "NULL".
std::vector<std::string> rows(Database& database, std::string_view sql);

// The logical content: all but request numbers, measured times, and how often a run was resumed.
std::vector<std::string> dump_of(Database& database);

// The users as one group, committed.
Result<std::vector<Stored>> write_group(Store& store, std::span<const Listing> listings);

class StoreTest : public ::testing::Test {
 protected:
  explicit StoreTest(Resources resources = test_resources());
  // Checks the integrity of the database after each test.
  void TearDown() override;

  // Continues with a new, empty database.
  void start_over();
  std::filesystem::path database_path() const;
  std::vector<std::string> query(std::string_view sql) { return rows(*database_, sql); }
  // Begins a run on that day (never resuming one), without ending it.
  std::int64_t begin(int day);
  // One hour after it began.
  void finish(RunStatus status = RunStatus::complete, Marks marks = {});
  Result<std::vector<Stored>> write(const std::vector<Listing>& listings);  // in one group
  // A whole run of a day: begun, written one by one, finished.
  void run(int day, const std::vector<Listing>& listings);
  std::vector<std::string> dump() { return dump_of(*database_); }

  TempFolder folder_;
  const Resources resources_;
  const Fields fields_;  // of the repositories
  TickingClock clock_;
  std::optional<Database> database_;
  std::int64_t run_id_ = 0;
  int day_ = 0;
  int databases_ = 0;
};

}  // namespace repopipe
