#include "storage/prediction/past_nights.h"

#include <algorithm>

namespace repopipe {
namespace {

// The condition of runs_where has no parameters, so runs of other shards are dropped later.
constexpr std::size_t kMostRead = 1000;

// 0: one page, 1: several, 2: not listed.  Only accounts of `ok` are looked up: an unchanged list
// was known before.
constexpr std::string_view kListedPages = R"sql(
SELECT CASE WHEN u.outcome IN ('ok', 'unchanged') THEN u.pages > 1 ELSE 2 END, count(*),
       sum(u.pages), sum(u.requests),
       total(u.pages * (u.outcome = 'unchanged' OR coalesce(a.first_seen_run < ?1, 0))),
       total(u.pages * (u.outcome = 'unchanged'))
FROM run_users u LEFT JOIN users a ON u.outcome = 'ok' AND a.id = u.user_id
WHERE u.run_id = ?1 GROUP BY 1)sql";

constexpr std::string_view kResponseTimes = R"sql(
SELECT status = 304, total(total_ms) / sum(count) FROM run_requests
WHERE run_id = ?1 AND status <> 0 GROUP BY 1)sql";

constexpr std::string_view kBusy = R"sql(
SELECT fetch_busy_ms, store_busy_ms,
       (SELECT total(ms) FROM run_waits w WHERE w.run_id = r.id AND w.cause = 'retry')
FROM runs r WHERE id = ?1)sql";

constexpr std::string_view kReadings = R"sql(
SELECT t.token, t.run_id, t.quota_limit, t.remaining, unixepoch(t.resets_at)
FROM run_tokens t JOIN runs r ON r.id = t.run_id
WHERE t.quota_limit IS NOT NULL AND t.remaining IS NOT NULL AND t.resets_at IS NOT NULL
ORDER BY r.ordinal, r.id)sql";

Status read_pages(Database& database, PastNight& night) {
  std::uint64_t users = 0;
  const auto take = [&](const Statement& row) {
    users += count_in(row, 1);
    if (row.integer(0) == 2) {
      night.other_pages = count_in(row, 2);
      return;
    }
    ListedPages& listed = row.integer(0) == 0 ? night.single : night.several;
    listed = {count_in(row, 2), count_in(row, 3), count_in(row, 4), count_in(row, 5)};
  };
  const Status done = each_row(database, kListedPages, take, night.run.run_id);
  night.has_users = users > 0 && users >= night.run.totals.users();
  return done;
}

Status read_times(Database& database, PastNight& night) {
  Status done = each_row(
      database, kResponseTimes,
      [&night](const Statement& row) {
        (row.integer(0) == 1 ? night.not_modified_ms : night.other_ms) = row.real(1);
      },
      night.run.run_id);
  if (!done) return done;
  return each_row(
      database, kBusy,
      [&night](const Statement& row) {
        night.fetch_busy_ms = row.real(0);
        night.store_busy_ms = row.real(1);
        night.retry_ms = row.real(2);
      },
      night.run.run_id);
}

}  // namespace

Result<std::vector<PastNight>> past_nights(Database& database, std::string_view job,
                                           std::string_view shard, std::size_t most) {
  auto runs = runs_where(database, kFinishedRun, job, kMostRead);
  if (!runs) return fail(runs.error());
  const auto is_mine = [&shard](const RunRecord& run) { return run.shard == shard; };
  if (std::ranges::any_of(*runs, is_mine)) {
    std::erase_if(*runs, [&](const RunRecord& run) { return !is_mine(run); });
  }
  runs->resize(std::min(runs->size(), most));
  std::vector<PastNight> nights;
  nights.reserve(runs->size());
  for (RunRecord& run : *runs) {
    PastNight& night = nights.emplace_back(PastNight{.run = std::move(run)});
    Status done = read_pages(database, night);
    if (done) done = read_times(database, night);
    if (!done) return fail(done.error());
  }
  return nights;
}

Result<std::vector<TokenReading>> token_readings(Database& database) {
  std::vector<TokenReading> readings;
  const auto take = [&readings](const Statement& row) {
    TokenReading reading{std::string(row.text(0)), row.integer(1), count_in(row, 2),
                         count_in(row, 3), row.integer(4)};
    const auto older = std::ranges::find(readings, reading.token, &TokenReading::token);
    if (older == readings.end()) {
      readings.push_back(std::move(reading));
    } else {
      *older = std::move(reading);
    }
  };
  if (const Status done = each_row(database, kReadings, take); !done) return fail(done.error());
  return readings;
}

}  // namespace repopipe
