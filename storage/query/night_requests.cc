// Requests, waits, tokens and the slowest users of a run.
#include "storage/query/night_parts.h"

namespace repopipe {
namespace {

constexpr std::string_view kLatencies = R"sql(
SELECT sum(le_50), sum(le_100), sum(le_200), sum(le_500), sum(le_1000), sum(le_2000),
       sum(le_5000), sum(le_10000), sum(count)
FROM run_requests WHERE run_id = ?1 AND status <> 0)sql";

// `requests` holds the texts for as long as `store.keep_requests`.
constexpr std::string_view kFailedRequests = R"sql(
SELECT t.outcome, iif(count(DISTINCT t.status) = 1, max(t.status), 0), sum(t.count),
       coalesce((SELECT error FROM requests q WHERE q.run_id = ?1 AND q.outcome = t.outcome LIMIT 1), '')
FROM run_requests t
WHERE t.run_id = ?1 AND t.outcome NOT IN ('ok', 'unchanged', 'moved')
GROUP BY t.outcome ORDER BY 3 DESC, 1)sql";

constexpr std::string_view kWaitsOfRun =
    "SELECT cause, ms, times FROM run_waits WHERE run_id = ?1 AND ms > 0 ORDER BY ms DESC";

constexpr std::string_view kTokensOfRun = R"sql(
SELECT token, expires_at FROM run_tokens WHERE run_id = ?1 AND expires_at IS NOT NULL
ORDER BY expires_at)sql";

// As the view slowest_users, for any run.
constexpr std::string_view kSlowest = R"sql(
WITH begun AS (
  SELECT login, min(started_at) AS at FROM requests
  WHERE run_id = ?1 AND resource = 1
    AND started_at >= coalesce((SELECT max(started_at) FROM run_parts WHERE run_id = ?1 AND part > 1), '')
  GROUP BY login)
SELECT u.login, max(0, 86400000 * (julianday(u.settled_at) - julianday(b.at))) AS span_ms,
       u.queued_ms, u.fetch_ms, u.parse_ms, u.store_ms, u.repos, u.requests, u.attempts
FROM run_users u JOIN begun b ON b.login = u.login
WHERE u.run_id = ?1
ORDER BY span_ms DESC, u.login LIMIT 10)sql";

// Cumulative counts become counts of each interval.
Latencies latencies_in(const Statement& row) {
  Latencies counts{};
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::uint64_t up_to = count_in(row, static_cast<int>(i));
    counts.at(i) = up_to - below;
    below = up_to;
  }
  return counts;
}

Result<Latencies> latencies_of(Database& database, std::int64_t run_id) {
  Latencies counts{};
  const Status done = each_row(
      database, kLatencies, [&](const Statement& row) { counts = latencies_in(row); }, run_id);
  if (!done) return fail(done.error());
  return counts;
}

}  // namespace

Status read_requests(Database& database, NightReport& report) {
  const std::int64_t run_id = report.night.run_id;
  const auto counts = latencies_of(database, run_id);
  if (!counts) return fail(counts.error());
  report.latencies = *counts;
  for (const RunRecord& run : report.before) {
    const auto earlier = latencies_of(database, run.run_id);
    if (!earlier) return fail(earlier.error());
    report.latencies_before.push_back(*earlier);
  }
  const auto add_failed = [&report](const Statement& row) {
    report.failed_requests.push_back(
        {std::string(row.text(0)), row.integer(1), count_in(row, 2), std::string(row.text(3))});
  };
  const auto add_wait = [&report](const Statement& row) {
    report.waits.push_back({std::string(row.text(0)), row.real(1), count_in(row, 2)});
  };
  const auto add_token = [&report](const Statement& row) {
    report.tokens.push_back({std::string(row.text(0)), std::string(row.text(1))});
  };
  Status done = each_row(database, kFailedRequests, add_failed, run_id);
  if (done) done = each_row(database, kWaitsOfRun, add_wait, run_id);
  if (done) done = each_row(database, kTokensOfRun, add_token, run_id);
  return done;
}

Status read_slowest(Database& database, NightReport& report) {
  const auto add = [&report](const Statement& row) {
    report.slowest.push_back({std::string(row.text(0)),
                              row.real(1),
                              {row.real(2), row.real(3), row.real(4), row.real(5)},
                              count_in(row, 6),
                              count_in(row, 7),
                              count_in(row, 8)});
  };
  return each_row(database, kSlowest, add, report.night.run_id);
}

}  // namespace repopipe
