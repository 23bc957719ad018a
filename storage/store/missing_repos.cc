#include "storage/store/missing_repos.h"

#include <algorithm>
#include <string>
#include <vector>

namespace repopipe {
namespace {

constexpr std::string_view kAnyMissing = "SELECT 1 FROM {missing} WHERE run_id = ?1 LIMIT 1";

constexpr std::string_view kOfLogin =
    "SELECT {reference}, confirmed FROM {missing} INDEXED BY {missing}_by_user "
    "WHERE run_id = ?1 AND login = ?2 ORDER BY {reference}";

// Two logins may lead to one account: a record is missing if both lists lack it.  The result does
// not depend on their order.
constexpr std::string_view kAddMissing = R"sql(
INSERT INTO {missing} (run_id, {reference}, login, missed_at, confirmed) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (run_id, {reference}) DO UPDATE SET login = min(login, excluded.login),
                                            missed_at = min(missed_at, excluded.missed_at),
                                            confirmed = 1)sql";

constexpr std::string_view kConfirmMissing =
    "UPDATE {missing} SET confirmed = 1 WHERE run_id = ?1 AND {reference} = ?2";
constexpr std::string_view kConfirmAllMissing =
    "UPDATE {missing} SET confirmed = 1 WHERE run_id = ?1 AND login = ?2 AND confirmed = 0";
constexpr std::string_view kDropMissing =
    "DELETE FROM {missing} WHERE run_id = ?1 AND {reference} = ?2";

}  // namespace

MissingRecords::MissingRecords(Preparation& prepare, std::int64_t run_id,
                               const ResourceColumns& columns)
    : run_id_(run_id),
      any_(prepare(sql_for(columns, kAnyMissing))),
      of_login_(prepare(sql_for(columns, kOfLogin))),
      add_(prepare(sql_for(columns, kAddMissing))),
      confirm_(prepare(sql_for(columns, kConfirmMissing))),
      confirm_all_(prepare(sql_for(columns, kConfirmAllMissing))),
      drop_(prepare(sql_for(columns, kDropMissing))) {}

Result<bool> MissingRecords::has_any() {
  if (!has_any_) {
    const Rewind rewind(any_);
    const auto row = any_.bind(run_id_).step();
    if (!row) return row;
    has_any_ = *row;
  }
  return *has_any_;
}

Status MissingRecords::load(std::string_view login) {
  candidates_.clear();
  const auto any = has_any();
  if (!any) return fail(any.error());
  if (!*any) return {};
  const Rewind rewind(of_login_);
  of_login_.bind(run_id_, login);
  for (;;) {
    const auto row = of_login_.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    candidates_.push_back({of_login_.integer(0), of_login_.integer(1) != 0});
  }
}

Result<bool> MissingRecords::has_unconfirmed(std::string_view login) {
  if (auto loaded = load(login); !loaded) return fail(loaded.error());
  return !std::ranges::all_of(candidates_, &Candidate::confirmed);
}

Result<Missing> MissingRecords::record(const Listing& listing,
                                       const std::vector<std::int64_t>& missing,
                                       std::string_view now) {
  const auto second = has_unconfirmed(listing.login);
  if (!second) return fail(second.error());
  if (auto compared = compare(listing, missing); !compared) return fail(compared.error());
  const bool is_one_page = listing.pages.size() <= 1;
  Missing became = Missing::settled;
  for (const std::int64_t record : missing) {
    if (std::ranges::binary_search(candidates_, record, {}, &Candidate::record)) continue;
    const bool is_second = *second || listing.is_second_reading;
    if (!is_one_page) became = is_second ? Missing::new_ones : Missing::unconfirmed;
    if (!is_one_page && is_second) continue;
    if (auto added = add(record, listing.login, now, is_one_page); !added)
      return fail(added.error());
  }
  return became;
}

// Compares with the records that an earlier listing of the login lacked.
Status MissingRecords::compare(const Listing& listing, const std::vector<std::int64_t>& missing) {
  for (const Candidate& candidate : candidates_) {
    Status done;
    if (!std::ranges::binary_search(missing, candidate.record)) {
      done = drop_.bind(run_id_, candidate.record).run();
    } else if (!candidate.confirmed) {
      done = confirm_.bind(run_id_, candidate.record).run();
    }
    if (!done) return fail(done.error().within(listing.login));
  }
  return {};
}

Status MissingRecords::add(std::int64_t record, std::string_view login, std::string_view now,
                           bool confirmed) {
  has_any_ = true;
  return add_.bind(run_id_, record, login, now, confirmed ? 1 : 0).run();
}

Status MissingRecords::confirm(std::string_view login) {
  const auto any = has_any();
  if (!any) return fail(any.error());
  return *any ? confirm_all_.bind(run_id_, login).run() : Status{};
}

namespace {

// Whether account `a`, which user `u` of run `r` has lost, has vanished.  It has not if the run has
// listed it under another login, or as the owner of a row of another list.  An empty list does not
// count as such a listing.
constexpr std::string_view kIsVanished = R"sql(u.lost_user_id IS NOT NULL
  AND a.last_seen_at NOT BETWEEN r.started_at
      AND (SELECT max(settled_at)
           FROM (SELECT settled_at FROM run_users WHERE run_id = ?1
                 UNION ALL SELECT settled_at FROM run_listings WHERE run_id = ?1))
  AND NOT EXISTS (SELECT 1 FROM run_users o
                  WHERE o.user_id = a.id AND o.run_id = r.id
                    AND (o.repos > 0 OR o.outcome = 'renamed')))sql";

// An account that this run marked as gone was not gone before the run.
std::string count_accounts_sql() {
  return "SELECT count(*), count(*) FILTER (WHERE " + std::string(kIsVanished) + R"sql()
FROM runs r CROSS JOIN run_users u ON u.run_id = r.id
CROSS JOIN users a ON a.id = coalesce(u.lost_user_id, u.user_id)
WHERE r.id = ?1 AND a.first_seen_run < r.id
  AND (a.gone_since IS NULL OR a.gone_since >= r.started_at))sql";
}

std::string mark_lost_sql() {
  return R"sql(
UPDATE users SET gone_since = lost.since
FROM (SELECT a.id, min(u.settled_at) AS since
      FROM runs r CROSS JOIN run_users u ON u.run_id = r.id
      CROSS JOIN users a ON a.id = u.lost_user_id
      WHERE r.id = ?1 AND a.gone_since IS NULL AND )sql" +
         std::string(kIsVanished) + " GROUP BY a.id) AS lost WHERE users.id = lost.id";
}

// Another list of the run has the record that a list lacks: in a row that was read, or on an
// unchanged page of its account.
constexpr std::string_view kIsElsewhere = R"sql(EXISTS (
  SELECT 1 FROM {table} r WHERE r.{key} = {missing}.{reference}
  AND (r.gone_since IS NOT NULL
       OR r.last_seen_at BETWEEN (SELECT started_at FROM runs WHERE id = ?1)
                             AND (SELECT max(settled_at) FROM {log_rows} WHERE run_id = ?1)
       OR EXISTS (SELECT 1 FROM {log_rows} o CROSS JOIN pages p CROSS JOIN json_each(p.repo_ids) e
                  WHERE o.user_id = r.{parent} AND o.run_id = ?1
                    AND o.outcome IN ('ok', 'unchanged', 'renamed')
                    AND o.login <> {missing}.login AND p.login = o.login AND p.resource = {resource}
                    AND e.value = r.{key}))))sql";

std::string count_missing_sql() {
  return "SELECT count(*) FROM {missing} WHERE run_id = ?1 AND confirmed = 1 AND NOT " +
         std::string(kIsElsewhere);
}

constexpr std::string_view kCountReturned =
    "SELECT count(*) FROM {changes} "
    "WHERE run_id = ?1 AND field = 'gone_since' AND new_value IS NULL";

std::string forget_found_sql() {
  return "DELETE FROM {missing} WHERE run_id = ?1 AND " + std::string(kIsElsewhere);
}

constexpr std::string_view kMarkRecords = R"sql(
UPDATE {table} SET gone_since = m.missed_at FROM {missing} m
WHERE m.run_id = ?1 AND m.confirmed = 1 AND {table}.{key} = m.{reference})sql";

constexpr std::string_view kTellChanges = R"sql(
INSERT INTO {changes} (run_id, {reference}, field, old_value, new_value, changed_at)
SELECT run_id, {reference}, 'gone_since', NULL, missed_at, missed_at FROM {missing}
WHERE run_id = ?1 AND confirmed = 1
ON CONFLICT (run_id, {reference}, field)
DO UPDATE SET new_value = excluded.new_value, changed_at = excluded.changed_at)sql";

// Also if the interval began later, because the clock was set back.
constexpr std::string_view kEndIntervals = R"sql(
UPDATE {stats} SET valid_to = max({stats}.valid_from, m.missed_at) FROM {missing} m
WHERE m.run_id = ?1 AND m.confirmed = 1 AND {stats}.{reference} = m.{reference}
  AND {stats}.valid_to IS NULL)sql";

constexpr std::string_view kCountForUsers = R"sql(
UPDATE {log} SET repos_gone = repos_gone + m.count
FROM (SELECT login, count(*) AS count FROM {missing}
      WHERE run_id = ?1 AND confirmed = 1 GROUP BY login) m
WHERE {log}.run_id = ?1 AND {log}.login = m.login{log_condition})sql";

constexpr std::string_view kForgetMarked =
    "DELETE FROM {missing} WHERE run_id = ?1 AND confirmed = 1";

constexpr std::string_view kUnfinishedRuns =
    "SELECT id FROM runs WHERE job = ?1 AND shard IS ?2 AND merged = 0";

Status run_for(Database& database, const ResourceColumns& columns, std::string_view sql,
               std::int64_t run_id) {
  return run_once(database, sql_for(columns, sql), run_id);
}

Status mark_records(Database& database, const ResourceColumns& columns, std::int64_t run_id) {
  for (const std::string_view sql :
       {kMarkRecords, kTellChanges, kEndIntervals, kCountForUsers, kForgetMarked}) {
    if (auto done = run_for(database, columns, sql, run_id); !done) return done;
  }
  return {};
}

// `runs` is a query or a parameter.  The lists of these runs are read in full, see PageValidators.
template <class... Values>
Status forget_candidates(Database& database, const ResourceColumns& columns, std::string_view runs,
                         const Values&... values) {
  const std::string rows =
      sql_for(columns, "FROM {missing} WHERE run_id IN (" + std::string(runs) + ")");
  const std::string read_anew = sql_for(
      columns,
      "UPDATE pages SET principal = '' WHERE resource = {resource} AND login IN (SELECT login ");
  auto done = run_once(database, read_anew + rows + ")", values...);
  return done ? run_once(database, "DELETE " + rows, values...) : done;
}

Result<std::uint64_t> count_for(Database& database, const ResourceColumns& columns,
                                std::string_view sql, std::int64_t run_id) {
  const auto count = number_of(database, sql_for(columns, sql), run_id);
  if (!count) return fail(count.error());
  return static_cast<std::uint64_t>(count->value_or(0));
}

Status count_accounts(Database& database, std::int64_t run_id, RunTotals& totals) {
  auto accounts = database.prepare(count_accounts_sql());
  if (!accounts) return fail(accounts.error());
  const auto row = accounts->bind(run_id).step();
  if (!row) return fail(row.error());
  totals.known = static_cast<std::uint64_t>(accounts->integer(0));
  totals.vanished = static_cast<std::uint64_t>(accounts->integer(1));
  return {};
}

// Known records are those that were listed and are neither new nor back.  A list may also have
// records of another account.
Status count_records(Database& database, const ResourceColumns& columns, std::int64_t run_id,
                     RunTotals& totals) {
  const auto missing = count_for(database, columns, count_missing_sql(), run_id);
  if (!missing) return fail(missing.error());
  const auto returned = count_for(database, columns, kCountReturned, run_id);
  if (!returned) return fail(returned.error());
  const std::uint64_t fresh = totals.repos_new + *returned;
  totals.missing_repos = *missing;
  totals.known_repos = *missing + (totals.repos_seen > fresh ? totals.repos_seen - fresh : 0);
  return {};
}

Status conclude(Database& database, const ResourceColumns& columns, std::int64_t run_id,
                Marks marks) {
  Status done = run_for(database, columns, forget_found_sql(), run_id);
  if (done && marks.records == Gone::mark) done = mark_records(database, columns, run_id);
  return done ? forget_candidates(database, columns, "?1", run_id) : done;
}

}  // namespace

Status count_vanished(Database& database, const std::vector<ResourceColumns>& resources,
                      std::int64_t run_id, RunTotals& totals) {
  const Status done = count_accounts(database, run_id, totals);
  return done ? count_records(database, main_of(resources), run_id, totals) : done;
}

Status conclude_vanished(Database& database, const std::vector<ResourceColumns>& resources,
                         std::int64_t run_id, Marks marks) {
  Status done;
  if (marks.accounts == Gone::mark) done = run_once(database, mark_lost_sql(), run_id);
  for (const ResourceColumns& columns : resources) {
    if (done && !columns.is_stay) done = conclude(database, columns, run_id, marks);
  }
  return done;
}

Status forget_candidates_of_unfinished(Database& database,
                                       const std::vector<ResourceColumns>& resources,
                                       std::string_view job,
                                       const std::optional<std::string>& shard) {
  for (const ResourceColumns& columns : resources) {
    if (columns.is_stay) continue;
    auto done = forget_candidates(database, columns, kUnfinishedRuns, job, shard);
    if (!done) return done;
  }
  return {};
}

}  // namespace repopipe
