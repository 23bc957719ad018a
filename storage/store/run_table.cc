#include "storage/store/run_table.h"

#include <initializer_list>
#include <optional>
#include <string_view>

#include "pipeline/base/secrets.h"

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
(SELECT count(*), sum(bytes), count(*) FILTER (WHERE status = 304)
 FROM requests WHERE run_id = ?1),
(SELECT count(*), count(*) FILTER (WHERE outcome = 'failed'),
        count(*) FILTER (WHERE outcome = 'not_found')
 FROM run_listings WHERE run_id = ?1))sql";

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
  auto sums = sums_of(run_id);
  if (!sums) return sums;
  const RunTotals& all = *sums;
  done = run_once(database_, kFinishTotals, run_id, all.ok, all.unchanged, all.not_found,
                  all.renamed, all.blocked, all.failed, all.repos_seen, all.repos_new,
                  all.repos_changed, all.repos_gone, all.requests, all.bytes, all.not_modified);
  if (done) done = write_end(run_id, end, finished_at);
  if (done) done = transaction->commit();
  if (!done) return fail(done.error());
  return sums;
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

Result<RunTotals> RunTable::sums_of(std::int64_t run_id) {
  RunTotals all;
  const auto counted = read_row(
      database_, sql_for(main_of(resources_), kTotals), run_id,
      {&all.ok, &all.unchanged, &all.not_found, &all.renamed, &all.blocked, &all.failed,
       &all.repos_seen, &all.repos_new, &all.repos_changed, &all.repos_gone, &all.requests,
       &all.bytes, &all.not_modified, &all.lists, &all.lists_failed, &all.lists_not_found});
  if (!counted) return fail(counted.error());
  return all;
}

Result<RunTotals> RunTable::totals(std::int64_t run_id) {
  auto all = sums_of(run_id);
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
