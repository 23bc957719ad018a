#include "storage/store/run_table.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/secrets.h"
#include "storage/schema/tables.h"

namespace repopipe {
namespace {

// Includes the requests of abandoned users.  What is gone is known only at the end of the run.
constexpr std::string_view kTotals = R"sql(
SELECT * FROM
(SELECT count(*) FILTER (WHERE outcome = 'ok'), count(*) FILTER (WHERE outcome = 'unchanged'),
        count(*) FILTER (WHERE outcome = 'not_found'), count(*) FILTER (WHERE outcome = 'renamed'),
        count(*) FILTER (WHERE outcome = 'blocked'), count(*) FILTER (WHERE outcome = 'failed'),
        sum(repos), sum(repos_new), sum(repos_changed)
 FROM run_users WHERE run_id = ?1),
(SELECT count(*) FROM {changes}
 WHERE run_id = ?1 AND field = 'gone_since' AND new_value IS NOT NULL),
(SELECT {requests} WHERE run_id = ?1),
(SELECT count(*), count(*) FILTER (WHERE outcome = 'failed'),
        count(*) FILTER (WHERE outcome = 'not_found')
 FROM run_listings WHERE run_id = ?1))sql";

// While a run is in progress; its end writes the table of totals.
constexpr std::string_view kPlaceOfRequests = "{requests}";
constexpr std::string_view kRequests =
    "count(*), sum(bytes), count(*) FILTER (WHERE status = 304) FROM requests";
constexpr std::string_view kCountedRequests =
    "sum(count), sum(bytes), sum(count) FILTER (WHERE status = 304) FROM run_requests";

constexpr std::string_view kForgetRequests = "DELETE FROM run_requests WHERE run_id = ?1";

constexpr std::string_view kWaits = R"sql(
INSERT INTO run_waits (run_id, cause, ms, times) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (run_id, cause) DO UPDATE SET ms = ms + excluded.ms, times = times + excluded.times)sql";

// What the API did not tell in this part of the run stays.
constexpr std::string_view kToken = R"sql(
INSERT INTO run_tokens (run_id, token, quota_limit, remaining, resets_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (run_id, token) DO UPDATE SET
  quota_limit = coalesce(excluded.quota_limit, quota_limit),
  remaining = coalesce(excluded.remaining, remaining),
  resets_at = coalesce(excluded.resets_at, resets_at),
  expires_at = coalesce(excluded.expires_at, expires_at))sql";

// `listings` has each login that ever had a list.
constexpr std::string_view kNewlyBlocked = R"sql(
SELECT count(*) FROM run_users u
WHERE u.run_id = ?1 AND u.outcome = 'blocked'
  AND EXISTS (SELECT 1 FROM listings l WHERE l.login = u.login AND l.resource = 1)
  AND NOT EXISTS (
    SELECT 1 FROM run_users b
    WHERE b.login = u.login AND b.outcome = 'blocked' AND b.run_id = (
      SELECT max(r.id) FROM runs r JOIN runs n ON n.id = ?1
      WHERE r.id < ?1 AND r.job = n.job AND r.shard IS n.shard AND r.merged = 0
        AND r.status IN ('complete', 'incomplete'))))sql";

constexpr std::string_view kFirstError = R"sql(
SELECT error FROM
(SELECT outcome, login, error FROM run_users WHERE run_id = ?1
 UNION ALL SELECT outcome, login, error FROM run_listings WHERE run_id = ?1)
WHERE outcome IN ('blocked', 'failed', 'not_found') AND error IS NOT NULL
ORDER BY outcome, login LIMIT 1)sql";

constexpr std::string_view kFailedUsers = R"sql(
SELECT login, error FROM
(SELECT 0 AS place, login, error FROM run_listings WHERE run_id = ?1 AND outcome = 'failed'
 UNION ALL SELECT 1, login, error FROM run_users WHERE run_id = ?1 AND outcome = 'failed')
ORDER BY place, login LIMIT ?2)sql";

constexpr std::string_view kFinishTotals = R"sql(
UPDATE runs SET users_ok = ?2, users_unchanged = ?3, users_not_found = ?4, users_renamed = ?5,
                users_blocked = ?6, users_failed = ?7, repos_seen = ?8, repos_new = ?9,
                repos_changed = ?10, repos_gone = ?11, requests = ?12, bytes = ?13,
                requests_unchanged = ?14
WHERE id = ?1)sql";

constexpr std::string_view kFinishPart = R"sql(
UPDATE run_parts SET status = ?2, exit_code = ?3, error = ?4, finished_at = ?5
WHERE run_id = ?1 AND part = (SELECT max(part) FROM run_parts WHERE run_id = ?1))sql";

constexpr std::string_view kFinish = R"sql(
UPDATE runs SET status = ?2, exit_code = ?3, error = ?4, finished_at = ?5, wall_ms = wall_ms + ?6,
                starting_ms = starting_ms + ?7, fetching_ms = fetching_ms + ?8,
                processing_ms = processing_ms + ?9, waiting_ms = waiting_ms + ?10,
                finishing_ms = finishing_ms + ?11, fetch_busy_ms = fetch_busy_ms + ?12,
                parse_busy_ms = parse_busy_ms + ?13, store_busy_ms = store_busy_ms + ?14,
                plan_busy_ms = plan_busy_ms + ?15
WHERE id = ?1)sql";

// Reads the columns of the only row, in order.
Status read_row(Database& database, std::string_view sql, std::int64_t run_id,
                std::initializer_list<std::uint64_t*> columns) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(run_id).step();
  if (!row) return fail(row.error());
  int index = 0;
  for (std::uint64_t* const column : columns) {
    *column = static_cast<std::uint64_t>(statement->integer(index++));
  }
  return {};
}

}  // namespace

Result<RunTotals> RunTable::finish(std::int64_t run_id, const RunEnd& end, Marks marks,
                                   WallTime finished_at) {
  auto transaction = Transaction::begin(database_, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  const bool is_over = end.status == RunStatus::complete || end.status == RunStatus::incomplete;
  Status done;
  if (is_over) done = conclude_vanished(database_, resources_, run_id, marks);
  if (!done) return fail(done.error());
  if (auto counted = count_requests(run_id); !counted) return fail(counted.error());
  auto sums = sums_of(run_id, kCountedRequests);
  if (!sums) return sums;
  const RunTotals& all = *sums;
  done = run_once(database_, kFinishTotals, run_id, all.ok, all.unchanged, all.not_found,
                  all.renamed, all.blocked, all.failed, all.repos_seen, all.repos_new,
                  all.repos_changed, all.repos_gone, all.requests, all.bytes, all.not_modified);
  if (done) done = write_end(run_id, end, finished_at);
  if (done) done = write_waits(run_id, end.times);
  if (done) done = write_tokens(run_id, end.tokens);
  if (done) done = transaction->commit();
  if (!done) return fail(done.error());
  return sums;
}

Status RunTable::count_requests(std::int64_t run_id) {
  const auto forgotten = run_once(database_, kForgetRequests, run_id);
  if (!forgotten) return forgotten;
  return run_once(database_, count_requests_sql("WHERE run_id = ?1"), run_id);
}

Status RunTable::write_waits(std::int64_t run_id, const RunTimes& times) {
  for (std::size_t cause = 0; cause < times.waits.size(); ++cause) {
    const Waited& waited = times.waits[cause];
    if (waited.times == 0) continue;
    const auto done = run_once(database_, kWaits, run_id, name_of(static_cast<WaitCause>(cause)),
                               milliseconds(waited.time), waited.times);
    if (!done) return done;
  }
  return {};
}

Status RunTable::write_tokens(std::int64_t run_id, const std::vector<TokenState>& tokens) {
  using std::chrono::seconds;
  const auto text_of = [](const std::optional<WallTime>& time) {
    return time ? std::optional(to_iso8601(*time)) : std::nullopt;
  };
  for (const TokenState& each : tokens) {
    const auto resets_at = each.resets_at ? std::optional(WallTime(seconds(*each.resets_at)))
                                          : std::optional<WallTime>();
    const auto done =
        run_once(database_, kToken, run_id, std::string_view(each.token), each.quota_limit,
                 each.remaining, text_of(resets_at), text_of(each.expires_at));
    if (!done) return done;
  }
  return {};
}

Status RunTable::write_end(std::int64_t run_id, const RunEnd& end, WallTime finished_at) {
  const std::string at = to_iso8601(finished_at);
  const std::string text = without_secrets(end.error);
  const auto error = text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  const RunTimes& times = end.times;
  const auto part = run_once(database_, kFinishPart, run_id, name_of(end.status),
                             static_cast<int>(end.exit_code), error, std::string_view(at));
  if (!part) return part;
  return run_once(
      database_, kFinish, run_id, name_of(end.status), static_cast<int>(end.exit_code), error,
      std::string_view(at), milliseconds(times.wall()), milliseconds(times.starting),
      milliseconds(times.fetching), milliseconds(times.processing), milliseconds(times.waiting),
      milliseconds(times.finishing), milliseconds(times.fetch_busy), milliseconds(times.parse_busy),
      milliseconds(times.store_busy), milliseconds(times.plan_busy));
}

Result<RunTotals> RunTable::sums_of(std::int64_t run_id, std::string_view requests) {
  RunTotals all;
  std::string sql = sql_for(main_of(resources_), kTotals);
  sql.replace(sql.find(kPlaceOfRequests), kPlaceOfRequests.size(), requests);
  const auto counted = read_row(
      database_, sql, run_id,
      {&all.ok, &all.unchanged, &all.not_found, &all.renamed, &all.blocked, &all.failed,
       &all.repos_seen, &all.repos_new, &all.repos_changed, &all.repos_gone, &all.requests,
       &all.bytes, &all.not_modified, &all.lists, &all.lists_failed, &all.lists_not_found});
  if (!counted) return fail(counted.error());
  return all;
}

Result<RunTotals> RunTable::totals(std::int64_t run_id) {
  auto all = sums_of(run_id, kRequests);
  if (!all) return all;
  if (all->blocked > 0) {
    const auto blocked = count_newly_blocked(run_id);
    if (!blocked) return fail(blocked.error());
    all->blocked_new = *blocked;
  }
  if (auto compared = count_vanished(database_, resources_, run_id, *all); !compared) {
    return fail(compared.error());
  }
  return all;
}

Result<std::uint64_t> RunTable::count_newly_blocked(std::int64_t run_id) {
  const auto count = number_of(database_, kNewlyBlocked, run_id);
  if (!count) return fail(count.error());
  return static_cast<std::uint64_t>(count->value_or(0));
}

Result<std::string> RunTable::first_error(std::int64_t run_id) {
  auto statement = database_.prepare(kFirstError);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(run_id).step();
  if (!row) return fail(row.error());
  return *row ? std::string(statement->text(0)) : std::string();
}

Result<std::vector<FailedUser>> RunTable::failed_users(std::int64_t run_id, std::size_t most) {
  auto statement = database_.prepare(kFailedUsers);
  if (!statement) return fail(statement.error());
  statement->bind(run_id, most);
  std::vector<FailedUser> users;
  while (true) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return users;
    users.push_back({std::string(statement->text(0)), std::string(statement->text(1))});
  }
}

}  // namespace repopipe
