#include "storage/upkeep/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/schema/tables.h"

namespace repopipe {
namespace {

constexpr int kRowsAtATime = 5'000;  // rows in one transaction

constexpr std::string_view kHasRequests = "EXISTS (SELECT 1 FROM requests q WHERE q.run_id = r.id)";
constexpr std::string_view kHasUsers =
    "(EXISTS (SELECT 1 FROM run_users u WHERE u.run_id = r.id) OR "
    "EXISTS (SELECT 1 FROM run_listings l WHERE l.run_id = r.id))";
constexpr std::string_view kIsUnchanged = " AND outcome = 'unchanged'";

// ?1: the job, or NULL; ?2: a run that began later keeps its rows.  Ids give the order in which a
// run is resumed, ordinals that of the views; they differ after a merge.
constexpr std::string_view kOldRuns = R"sql(
WITH placed AS (
  SELECT id, status IN ('complete', 'incomplete') AS finished,
         row_number() OVER (PARTITION BY job, shard ORDER BY ordinal DESC, id DESC) AS place,
         row_number() OVER (PARTITION BY job, shard, merged ORDER BY id DESC) AS age,
         row_number() OVER (PARTITION BY job, shard, status IN ('complete', 'incomplete')
                            ORDER BY ordinal DESC, id DESC) AS finished_place,
         row_number() OVER (PARTITION BY job, shard, merged, status IN ('complete', 'incomplete')
                            ORDER BY id DESC) AS finished_age
  FROM runs)
SELECT r.id FROM runs r JOIN placed p ON p.id = r.id
WHERE (?1 IS NULL OR r.job = ?1) AND r.started_at < ?2 AND place > 2 AND age > 2
  AND NOT (finished AND (finished_place = 1 OR finished_age = 1)) AND {}
ORDER BY r.id)sql";

// A run that was killed and not resumed has no totals.
constexpr std::string_view kCompleteTotals = R"sql(
UPDATE runs SET (requests, bytes, requests_unchanged) = (
  SELECT total(count), total(bytes), coalesce(sum(count) FILTER (WHERE status = 304), 0)
  FROM run_requests WHERE run_id = ?1)
WHERE id = ?1)sql";

constexpr std::string_view kWasRemoved = R"sql(
SELECT 1 FROM runs r WHERE r.requests > 0
AND NOT EXISTS (SELECT 1 FROM requests q WHERE q.run_id = r.id) LIMIT 1)sql";

constexpr std::string_view kRemoveRequests =
    "DELETE FROM requests WHERE id BETWEEN ?2 AND ?3 AND run_id = ?1";

// `condition`: begins with " AND", or is empty.
std::string remove_users_sql(std::string_view table, std::string_view condition) {
  return fmt::format(
      "DELETE FROM {0} WHERE run_id = ?1{1} AND login IN (SELECT login FROM {0} "
      "WHERE run_id = ?1{1} ORDER BY login LIMIT {2})",
      table, condition, kRowsAtATime);
}

std::uint64_t unsigned_of(const std::optional<std::int64_t>& number) {
  return static_cast<std::uint64_t>(number.value_or(0));
}

Result<std::uint64_t> count_users(Database& database, std::int64_t run_id,
                                  std::string_view condition) {
  std::uint64_t sum = 0;
  for (const char* table : {"run_users", "run_listings"}) {
    const auto count = number_of(
        database, fmt::format("SELECT count(*) FROM {} WHERE run_id = ?1{}", table, condition),
        run_id);
    if (!count) return fail(count.error());
    sum += unsigned_of(*count);
  }
  return sum;
}

}  // namespace

RowRemoval::RowRemoval(Database& database, Retention retention, WallTime now)
    : database_(database), retention_(std::move(retention)), now_(now) {}

std::chrono::milliseconds RowRemoval::kept_unchanged() const {
  return std::min(retention_.requests, retention_.users);
}

Result<std::vector<std::int64_t>> RowRemoval::runs_with_old(std::string_view rows,
                                                            std::chrono::milliseconds kept) {
  std::vector<std::int64_t> runs;
  if (kept == kForever) return runs;
  auto statement = database_.prepare(fmt::format(kOldRuns, rows));
  if (!statement) return fail(statement.error());
  const std::string before = to_iso8601(now_ - kept);
  const auto job = retention_.job ? std::optional<std::string_view>(*retention_.job) : std::nullopt;
  statement->bind(job, std::string_view(before));
  while (true) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return runs;
    runs.push_back(statement->integer(0));
  }
}

Result<RemovedRows> RowRemoval::count() {
  RemovedRows rows;
  const auto logs = runs_with_old(kHasRequests, retention_.requests);
  const auto users = runs_with_old(kHasUsers, retention_.users);
  if (!logs || !users) return fail(logs ? users.error() : logs.error());
  for (const std::int64_t run_id : *logs) {
    const auto count =
        number_of(database_, "SELECT count(*) FROM requests WHERE run_id = ?1", run_id);
    if (!count) return fail(count.error());
    rows.requests += unsigned_of(*count);
    if (std::ranges::binary_search(*users, run_id)) continue;
    const auto unchanged = count_users(database_, run_id, kIsUnchanged);
    if (!unchanged) return fail(unchanged.error());
    rows.users += *unchanged;
  }
  for (const std::int64_t run_id : *users) {
    const auto count = count_users(database_, run_id, "");
    if (!count) return fail(count.error());
    rows.users += *count;
  }
  return rows;
}

Result<RemovedRows> RowRemoval::run(const Hooks& hooks) {
  removed_ = {};
  const auto before = number_of(database_, kWasRemoved);
  if (!before) return fail(before.error());
  removed_.is_first = !before->has_value();
  const auto logs = runs_with_old(kHasRequests, retention_.requests);
  if (!logs) return fail(logs.error());
  for (const std::int64_t run_id : *logs) {
    if (auto done = remove_log_of(run_id, hooks); !done) return fail(done.error());
    if (!removed_.is_all) return removed_;
  }
  const auto users = runs_with_old(kHasUsers, retention_.users);
  if (!users) return fail(users.error());
  for (const std::int64_t run_id : *users) {
    if (auto done = remove_users_of(run_id, "", hooks); !done) return fail(done.error());
    if (!removed_.is_all) return removed_;
  }
  return removed_;
}

// The requests are last: a run without requests has no old rows but those of other users.
Status RowRemoval::remove_log_of(std::int64_t run_id, const Hooks& hooks) {
  const auto totals =
      number_of(database_, "SELECT 1 FROM run_requests WHERE run_id = ?1 LIMIT 1", run_id);
  if (!totals) return fail(totals.error());
  if (!*totals) {
    auto transaction = Transaction::begin(database_, TransactionKind::write);
    if (!transaction) return fail(transaction.error());
    Status done = run_once(database_, count_requests_sql("WHERE run_id = ?1"), run_id);
    if (done) done = run_once(database_, kCompleteTotals, run_id);
    if (done && hooks.check) done = hooks.check();
    if (done) done = transaction->commit();
    if (!done) return done;
  }
  if (auto done = remove_users_of(run_id, kIsUnchanged, hooks); !done) return done;
  return removed_.is_all ? remove_requests_of(run_id, hooks) : Status{};
}

// The rows of a run are adjacent.
Status RowRemoval::remove_requests_of(std::int64_t run_id, const Hooks& hooks) {
  const auto first = number_of(database_, "SELECT min(id) FROM requests WHERE run_id = ?1", run_id);
  const auto last = number_of(database_, "SELECT max(id) FROM requests WHERE run_id = ?1", run_id);
  if (!first || !last) return fail(first ? last.error() : first.error());
  auto statement = database_.prepare(kRemoveRequests);
  if (!statement) return fail(statement.error());
  for (std::int64_t id = first->value_or(0); id <= last->value_or(-1); id += kRowsAtATime) {
    if (stops(hooks)) return {};
    const auto count = remove(statement->bind(run_id, id, id + kRowsAtATime - 1), hooks);
    if (!count) return fail(count.error());
    removed_.requests += *count;
  }
  return {};
}

Status RowRemoval::remove_users_of(std::int64_t run_id, std::string_view condition,
                                   const Hooks& hooks) {
  for (const char* table : {"run_users", "run_listings"}) {
    auto statement = database_.prepare(remove_users_sql(table, condition));
    if (!statement) return fail(statement.error());
    while (true) {
      if (stops(hooks)) return {};
      const auto count = remove(statement->bind(run_id), hooks);
      if (!count) return fail(count.error());
      removed_.users += *count;
      if (*count < kRowsAtATime) break;
    }
  }
  return {};
}

Status RowRemoval::give_back_pages(double share, const Hooks& hooks) {
  const auto count = [this](const char* pragma) { return database_.integer(pragma); };
  const auto mode = count("PRAGMA auto_vacuum");
  const auto pages = count("PRAGMA page_count");
  auto free = count("PRAGMA freelist_count");
  if (!mode || !pages || !free) return fail(database_.failure());
  constexpr std::int64_t kIncremental = 2;
  const auto most = share * static_cast<double>(*pages);
  if (*mode != kIncremental || static_cast<double>(*free) <= most) return {};
  while (*free > 0 && !(hooks.stops && hooks.stops())) {
    if (auto done = hooks.check ? hooks.check() : Status{}; !done) return done;
    if (auto done = database_.execute("PRAGMA incremental_vacuum(1000)"); !done) return done;
    free = count("PRAGMA freelist_count");
    if (!free) return fail(free.error());
  }
  return {};
}

Result<std::uint64_t> RowRemoval::remove(Statement& statement, const Hooks& hooks) {
  auto transaction = Transaction::begin(database_, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  Status done = statement.run();
  const auto rows = static_cast<std::uint64_t>(done ? statement.rows_written() : 0);
  if (done && hooks.check) done = hooks.check();
  if (done) done = transaction->commit();
  if (!done) return fail(done.error());
  return rows;
}

bool RowRemoval::stops(const Hooks& hooks) {
  if (hooks.stops && hooks.stops()) removed_.is_all = false;
  return !removed_.is_all;
}

}  // namespace repopipe
