#include "storage/query/run_records.h"

namespace repopipe {
namespace {

// ?1: the job; NULL: all.  `%` is replaced by a condition.
constexpr std::string_view kRunsWhere = R"sql(
SELECT id, job, shard, status, exit_code, error, started_at, finished_at, wall_ms, starting_ms,
       fetching_ms, processing_ms, waiting_ms, finishing_ms, merged, ordinal,
       users_ok, users_unchanged, users_not_found, users_renamed, users_blocked, users_failed,
       repos_seen, repos_new, repos_changed, repos_gone, requests, bytes, requests_unchanged
FROM runs WHERE (?1 IS NULL OR job = ?1) AND %
ORDER BY ordinal DESC, id DESC LIMIT ?2)sql";

RunTotals totals_in(const Statement& row, int column) {
  RunTotals totals;
  for (std::uint64_t RunTotals::*member :
       {&RunTotals::ok, &RunTotals::unchanged, &RunTotals::not_found, &RunTotals::renamed,
        &RunTotals::blocked, &RunTotals::failed, &RunTotals::repos_seen, &RunTotals::repos_new,
        &RunTotals::repos_changed, &RunTotals::repos_gone, &RunTotals::requests, &RunTotals::bytes,
        &RunTotals::not_modified}) {
    totals.*member = count_in(row, column++);
  }
  return totals;
}

RunRecord record_in(const Statement& row) {
  constexpr int kFirstPart = 9;
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  RunRecord run{.run_id = row.integer(0),
                .job = text(1),
                .shard = text(2),
                .status = text(3),
                .error = text(5),
                .started_at = text(6),
                .finished_at = text(7),
                .wall_ms = row.real(8),
                .merged = row.integer(14) == 1,
                .ordinal = row.integer(15),
                .totals = totals_in(row, 16)};
  if (!row.is_null(4)) run.exit_code = static_cast<int>(row.integer(4));
  for (std::size_t i = 0; i < kParts; ++i) {
    run.parts_ms.at(i) = row.real(kFirstPart + static_cast<int>(i));
  }
  return run;
}

}  // namespace

Result<std::vector<RunRecord>> runs_where(Database& database, std::string_view condition,
                                          std::optional<std::string_view> job, std::size_t most) {
  std::string sql(kRunsWhere);
  sql.replace(sql.find('%'), 1, condition);
  std::vector<RunRecord> runs;
  const Status done = each_row(
      database, sql, [&runs](const Statement& row) { runs.push_back(record_in(row)); }, job, most);
  if (!done) return fail(done.error());
  return runs;
}

}  // namespace repopipe
