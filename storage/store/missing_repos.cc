#include "storage/store/missing_repos.h"

#include <algorithm>
#include <string>
#include <vector>

namespace repopipe {
namespace {

constexpr std::string_view kAnyMissing = "SELECT 1 FROM missing_repos WHERE run_id = ?1 LIMIT 1";

constexpr std::string_view kOfLogin =
    "SELECT repo_id, confirmed FROM missing_repos INDEXED BY missing_repos_by_user "
    "WHERE run_id = ?1 AND login = ?2 ORDER BY repo_id";

// Two logins may lead to one account: what both lists lack is missing.  Comes out the same in
// whatever order they are written.
constexpr std::string_view kAddMissing = R"sql(
INSERT INTO missing_repos (run_id, repo_id, login, missed_at, confirmed) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (run_id, repo_id) DO UPDATE SET login = min(login, excluded.login),
                                            missed_at = min(missed_at, excluded.missed_at),
                                            confirmed = 1)sql";

constexpr std::string_view kConfirmMissing =
    "UPDATE missing_repos SET confirmed = 1 WHERE run_id = ?1 AND repo_id = ?2";
constexpr std::string_view kConfirmAllMissing =
    "UPDATE missing_repos SET confirmed = 1 WHERE run_id = ?1 AND login = ?2 AND confirmed = 0";
constexpr std::string_view kDropMissing =
    "DELETE FROM missing_repos WHERE run_id = ?1 AND repo_id = ?2";

}  // namespace

MissingRepos::MissingRepos(Preparation& prepare, std::int64_t run_id)
    : run_id_(run_id),
      any_(prepare(kAnyMissing)),
      of_login_(prepare(kOfLogin)),
      add_(prepare(kAddMissing)),
      confirm_(prepare(kConfirmMissing)),
      confirm_all_(prepare(kConfirmAllMissing)),
      drop_(prepare(kDropMissing)) {}

Result<bool> MissingRepos::has_any() {
  if (!has_any_) {
    const Rewind rewind(any_);
    const auto row = any_.bind(run_id_).step();
    if (!row) return row;
    has_any_ = *row;
  }
  return *has_any_;
}

Status MissingRepos::load(std::string_view login) {
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

Result<bool> MissingRepos::has_unconfirmed(std::string_view login) {
  if (auto loaded = load(login); !loaded) return fail(loaded.error());
  return !std::ranges::all_of(candidates_, &Candidate::confirmed);
}

Result<Missing> MissingRepos::record(const Listing& listing,
                                     const std::vector<std::int64_t>& missing,
                                     std::string_view now) {
  const auto second = has_unconfirmed(listing.login);
  if (!second) return fail(second.error());
  if (auto compared = compare(listing, missing); !compared) return fail(compared.error());
  const bool is_one_page = listing.pages.size() <= 1;
  Missing became = Missing::settled;
  for (const std::int64_t repo : missing) {
    if (std::ranges::binary_search(candidates_, repo, {}, &Candidate::repo)) continue;
    const bool is_second = *second || listing.is_second_reading;
    if (!is_one_page) became = is_second ? Missing::new_ones : Missing::unconfirmed;
    if (!is_one_page && is_second) continue;
    if (auto added = add(repo, listing.login, now, is_one_page); !added) return fail(added.error());
  }
  return became;
}

// What an earlier listing of the login lacked.
Status MissingRepos::compare(const Listing& listing, const std::vector<std::int64_t>& missing) {
  for (const Candidate& candidate : candidates_) {
    Status done;
    if (!std::ranges::binary_search(missing, candidate.repo)) {
      done = drop_.bind(run_id_, candidate.repo).run();
    } else if (!candidate.confirmed) {
      done = confirm_.bind(run_id_, candidate.repo).run();
    }
    if (!done) return fail(done.error().within(listing.login));
  }
  return {};
}

Status MissingRepos::add(std::int64_t repo, std::string_view login, std::string_view now,
                         bool confirmed) {
  has_any_ = true;
  return add_.bind(run_id_, repo, login, now, confirmed ? 1 : 0).run();
}

Status MissingRepos::confirm(std::string_view login) {
  const auto any = has_any();
  if (!any) return fail(any.error());
  return *any ? confirm_all_.bind(run_id_, login).run() : Status{};
}

namespace {

// Of the account `a` that a user `u` of the run `r` has lost.  One that the run has listed after
// all, under another login or as the owner of a row in somebody's list, has not vanished.  An empty
// list is no sign of its account.
constexpr std::string_view kIsVanished = R"sql(u.lost_user_id IS NOT NULL
  AND a.last_seen_at NOT BETWEEN r.started_at
      AND (SELECT max(settled_at) FROM run_users WHERE run_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM run_users o
                  WHERE o.user_id = a.id AND o.run_id = r.id
                    AND (o.repos > 0 OR o.outcome = 'renamed')))sql";

// An account that this run marked was not gone before it.
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

// Of a repository that a list of the run lacks: another list of the run has it, as a row that was
// read or on a page of its account that has not changed.
constexpr std::string_view kIsElsewhere = R"sql(EXISTS (
  SELECT 1 FROM repos r WHERE r.id = missing_repos.repo_id
  AND (r.gone_since IS NOT NULL
       OR r.last_seen_at BETWEEN (SELECT started_at FROM runs WHERE id = ?1)
                             AND (SELECT max(settled_at) FROM run_users WHERE run_id = ?1)
       OR EXISTS (SELECT 1 FROM run_users o CROSS JOIN pages p CROSS JOIN json_each(p.repo_ids) e
                  WHERE o.user_id = r.owner_id AND o.run_id = ?1
                    AND o.outcome IN ('ok', 'unchanged', 'renamed')
                    AND o.login <> missing_repos.login AND p.login = o.login AND e.value = r.id))))sql";

std::string count_missing_sql() {
  return "SELECT count(*) FROM missing_repos WHERE run_id = ?1 AND confirmed = 1 AND NOT " +
         std::string(kIsElsewhere);
}

constexpr std::string_view kCountReturned =
    "SELECT count(*) FROM repo_changes "
    "WHERE run_id = ?1 AND field = 'gone_since' AND new_value IS NULL";

std::string forget_found_sql() {
  return "DELETE FROM missing_repos WHERE run_id = ?1 AND " + std::string(kIsElsewhere);
}

constexpr std::string_view kMarkRepos = R"sql(
UPDATE repos SET gone_since = m.missed_at FROM missing_repos m
WHERE m.run_id = ?1 AND m.confirmed = 1 AND repos.id = m.repo_id)sql";

constexpr std::string_view kTellChanges = R"sql(
INSERT INTO repo_changes (run_id, repo_id, field, old_value, new_value, changed_at)
SELECT run_id, repo_id, 'gone_since', NULL, missed_at, missed_at FROM missing_repos
WHERE run_id = ?1 AND confirmed = 1
ON CONFLICT (run_id, repo_id, field)
DO UPDATE SET new_value = excluded.new_value, changed_at = excluded.changed_at)sql";

// Also where the interval began later, by a clock that was set back since.
constexpr std::string_view kEndIntervals = R"sql(
UPDATE repo_stats SET valid_to = max(repo_stats.valid_from, m.missed_at) FROM missing_repos m
WHERE m.run_id = ?1 AND m.confirmed = 1 AND repo_stats.repo_id = m.repo_id
  AND repo_stats.valid_to IS NULL)sql";

constexpr std::string_view kCountForUsers = R"sql(
UPDATE run_users SET repos_gone = repos_gone + m.count
FROM (SELECT login, count(*) AS count FROM missing_repos
      WHERE run_id = ?1 AND confirmed = 1 GROUP BY login) m
WHERE run_users.run_id = ?1 AND run_users.login = m.login)sql";

constexpr std::string_view kForgetMarked =
    "DELETE FROM missing_repos WHERE run_id = ?1 AND confirmed = 1";

// As PageValidators::read_anew.
constexpr std::string_view kReadMissingAnew = R"sql(
UPDATE pages SET principal = ''
WHERE login IN (SELECT login FROM missing_repos WHERE run_id = ?1))sql";

constexpr std::string_view kForgetMissing = "DELETE FROM missing_repos WHERE run_id = ?1";

constexpr std::string_view kUnfinishedWithMissing = R"sql(
SELECT r.id FROM runs r
WHERE r.job = ?1 AND r.shard IS ?2 AND r.merged = 0
  AND r.id IN (SELECT run_id FROM missing_repos))sql";

Status run_for(Database& database, std::string_view sql, std::int64_t run_id) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  return statement->bind(run_id).run();
}

Status mark_repos(Database& database, std::int64_t run_id) {
  for (const std::string_view sql :
       {kMarkRepos, kTellChanges, kEndIntervals, kCountForUsers, kForgetMarked}) {
    if (auto done = run_for(database, sql, run_id); !done) return done;
  }
  return {};
}

Status forget_candidates(Database& database, std::int64_t run_id) {
  auto done = run_for(database, kReadMissingAnew, run_id);
  return done ? run_for(database, kForgetMissing, run_id) : done;
}

Result<std::uint64_t> count_for(Database& database, std::string_view sql, std::int64_t run_id) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(run_id).step();
  if (!row) return fail(row.error());
  return static_cast<std::uint64_t>(statement->integer(0));
}

}  // namespace

Status count_vanished(Database& database, std::int64_t run_id, RunTotals& totals) {
  auto accounts = database.prepare(count_accounts_sql());
  if (!accounts) return fail(accounts.error());
  const auto row = accounts->bind(run_id).step();
  if (!row) return fail(row.error());
  totals.known = static_cast<std::uint64_t>(accounts->integer(0));
  totals.vanished = static_cast<std::uint64_t>(accounts->integer(1));
  const auto missing = count_for(database, count_missing_sql(), run_id);
  if (!missing) return fail(missing.error());
  const auto returned = count_for(database, kCountReturned, run_id);
  if (!returned) return fail(returned.error());
  totals.missing_repos = *missing;
  // Those that were listed and are neither new nor back; a list may name one of another's.
  const std::uint64_t fresh = totals.repos_new + *returned;
  totals.known_repos = *missing + (totals.repos_seen > fresh ? totals.repos_seen - fresh : 0);
  return {};
}

Status conclude_vanished(Database& database, std::int64_t run_id, Marks marks) {
  Status done;
  if (marks.accounts == Gone::mark) done = run_for(database, mark_lost_sql(), run_id);
  if (done) done = run_for(database, forget_found_sql(), run_id);
  if (done && marks.repos == Gone::mark) done = mark_repos(database, run_id);
  return done ? forget_candidates(database, run_id) : done;
}

Status forget_candidates_of_unfinished(Database& database, std::string_view job,
                                       const std::optional<std::string>& shard) {
  auto unfinished = database.prepare(kUnfinishedWithMissing);
  if (!unfinished) return fail(unfinished.error());
  unfinished->bind(job, shard);
  std::vector<std::int64_t> runs;
  for (;;) {
    const auto row = unfinished->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    runs.push_back(unfinished->integer(0));
  }
  unfinished->reset();
  for (const std::int64_t run_id : runs) {
    if (auto done = forget_candidates(database, run_id); !done) return done;
  }
  return {};
}

}  // namespace repopipe
