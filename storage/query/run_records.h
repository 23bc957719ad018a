// Rows of the table `runs` as values.  Used by the status and the report page.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/run.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Parts of the wall time: starting, fetching, processing, waiting, finishing.
constexpr std::size_t kParts = 5;

// Times are text as in the database.
struct RunRecord {
  std::int64_t run_id = 0;
  std::string job{};
  std::string shard{};   // empty: the whole job
  std::string status{};  // as in `runs.status`
  std::optional<int> exit_code{};
  std::string error{};  // empty: none
  std::string started_at{};
  std::string finished_at{};  // empty: it has not ended
  double wall_ms = 0;
  std::array<double, kParts> parts_ms{};
  bool merged = false;
  std::int64_t ordinal = 0;
  RunTotals totals{};  // zeros until the run has ended

  bool is_finished() const { return status == "complete" || status == "incomplete"; }
  std::uint64_t not_listed() const { return totals.not_found + totals.blocked + totals.failed; }
};

// Conditions for runs_where.
constexpr std::string_view kAnyRun = "TRUE";
constexpr std::string_view kFinishedRun = "status IN ('complete', 'incomplete')";

// The newest runs for which the condition holds, newest first.  `job`: only its runs.
Result<std::vector<RunRecord>> runs_where(Database& database, std::string_view condition,
                                          std::optional<std::string_view> job, std::size_t most);

// Calls `take` for each row of a query.
template <class Take, class... Values>
Status each_row(Database& database, std::string_view sql, Take take, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  statement->bind(values...);
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    take(*statement);
  }
}

inline std::uint64_t count_in(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

}  // namespace repopipe
