// Users of a run that were not listed or have another login, and since when.
#include <algorithm>
#include <map>
#include <utility>

#include "pipeline/base/text.h"
#include "storage/query/night_parts.h"

namespace repopipe {
namespace {

constexpr std::size_t kGroups = 8, kNamesOfGroup = 3, kNamesOfAdvice = 6;

constexpr std::string_view kNotListed = R"sql(
SELECT login, outcome, coalesce(error, '') FROM run_users
WHERE run_id = ?1 AND outcome IN ('failed', 'blocked', 'not_found') ORDER BY login)sql";

constexpr std::string_view kRenamedLogins = R"sql(
SELECT login, renamed_to, count(*) OVER () FROM run_users
WHERE run_id = ?1 AND outcome = 'renamed' AND renamed_to IS NOT NULL ORDER BY login LIMIT ?2)sql";

// ?1 to ?3: three runs.
constexpr std::string_view kLost = R"sql(
SELECT a.login, count(*) OVER () FROM run_users a
JOIN run_users b ON b.run_id = ?2 AND b.login = a.login AND b.outcome = 'not_found'
JOIN run_users c ON c.run_id = ?3 AND c.login = a.login AND c.outcome = 'not_found'
WHERE a.run_id = ?1 AND a.outcome = 'not_found' ORDER BY a.login LIMIT ?4)sql";

constexpr std::string_view kFailing = R"sql(
SELECT a.login, count(*) OVER () FROM run_users a
JOIN run_users b ON b.run_id = ?2 AND b.login = a.login AND b.outcome IN ('failed', 'blocked')
JOIN run_users c ON c.run_id = ?3 AND c.login = a.login AND c.outcome IN ('failed', 'blocked')
WHERE a.run_id = ?1 AND a.outcome IN ('failed', 'blocked') ORDER BY a.login LIMIT ?4)sql";

// The start of the first run since the user was listed last.  ?3 to ?4: ordinals of the runs.
// CROSS JOIN: a look-up of the user in each run, not a scan of all users of all runs.
constexpr std::string_view kSince = R"sql(
SELECT min(r.started_at) FROM runs r CROSS JOIN run_users u ON u.run_id = r.id AND u.login = ?1
WHERE r.job = ?2 AND r.ordinal BETWEEN ?3 AND ?4 AND r.ordinal > (
  SELECT coalesce(max(l.ordinal), 0) FROM runs l CROSS JOIN run_users o
    ON o.run_id = l.id AND o.login = ?1 AND o.outcome IN ('ok', 'unchanged', 'renamed')
  WHERE l.job = ?2 AND l.ordinal BETWEEN ?3 AND ?4))sql";

// "octocat page 2: HTTP 502 (...)" becomes "HTTP 502", so that users with the same cause are
// together.
std::string cause_in(std::string_view error, std::string_view login) {
  const std::size_t colon = error.find(": ");
  const bool names_user = fold_case(error.substr(0, login.size())) == fold_case(login);
  if (names_user && colon != error.npos) error.remove_prefix(colon + 2);
  if (const std::size_t detail = error.find(" ("); detail != error.npos && error.ends_with(')')) {
    error = error.substr(0, detail);
  }
  return std::string(error);
}

// The earliest of the times since which one of the users is not listed.
Result<std::string> since_of(Database& database, const NightReport& report,
                             const std::vector<std::string>& logins) {
  std::string earliest;
  const auto take = [&earliest](const Statement& row) {
    const std::string since(row.text(0));
    if (!since.empty() && (earliest.empty() || since < earliest)) earliest = since;
  };
  for (const std::string& login : logins) {
    const Status done = each_row(database, kSince, take, std::string_view(login),
                                 std::string_view(report.night.job), report.nights.front().ordinal,
                                 report.night.ordinal);
    if (!done) return fail(done.error());
  }
  return earliest;
}

int urgency(const std::string& outcome) {
  if (outcome == "failed") return 0;
  return outcome == "blocked" ? 1 : 2;
}

std::vector<NotListed> by_cause(Database& database, std::int64_t run_id, Status& done) {
  std::map<std::pair<std::string, std::string>, NameList> groups;
  const auto take = [&groups](const Statement& row) {
    const std::string login(row.text(0)), outcome(row.text(1));
    NameList& names = groups[{outcome, cause_in(row.text(2), login)}];
    names.count += 1;
    if (names.some.size() < kNamesOfGroup) names.some.push_back(login);
  };
  done = each_row(database, kNotListed, take, run_id);
  std::vector<NotListed> all;
  all.reserve(groups.size());
  for (auto& [key, names] : groups) all.push_back({key.first, key.second, std::move(names)});
  std::ranges::stable_sort(all, [](const NotListed& left, const NotListed& right) {
    return std::pair(urgency(left.outcome), right.users.count) <
           std::pair(urgency(right.outcome), left.users.count);
  });
  return all;
}

Status read_not_listed(Database& database, NightReport& report) {
  Status done;
  report.not_listed = by_cause(database, report.night.run_id, done);
  while (report.not_listed.size() > kGroups) {
    report.more_not_listed += report.not_listed.back().users.count;
    report.not_listed.pop_back();
  }
  for (NotListed& group : report.not_listed) {
    auto since = since_of(database, report, group.users.some);
    if (!since) return fail(since.error());
    group.since = std::move(*since);
  }
  return done;
}

// Needs the finished run and the two before it.
Status read_three_nights(Database& database, NightReport& report) {
  if (!report.finished) return {};
  std::vector<std::int64_t> ids;
  const Status found = each_row(
      database,
      "SELECT id FROM runs WHERE job = ?1 AND shard IS nullif(?2, '') AND ordinal <= ?3 "
      "AND status IN ('complete', 'incomplete') ORDER BY ordinal DESC LIMIT 3",
      [&ids](const Statement& row) { ids.push_back(row.integer(0)); },
      std::string_view(report.night.job), std::string_view(report.night.shard),
      report.finished->ordinal);
  if (!found || ids.size() < 3) return found;
  const auto into = [](NameList& names) {
    return [&names](const Statement& row) {
      names.some.emplace_back(row.text(0));
      names.count = count_in(row, 1);
    };
  };
  Status done =
      each_row(database, kLost, into(report.not_found), ids[0], ids[1], ids[2], kNamesOfAdvice);
  if (done) {
    done =
        each_row(database, kFailing, into(report.failing), ids[0], ids[1], ids[2], kNamesOfAdvice);
  }
  if (!done) return done;
  auto gone = since_of(database, report, report.not_found.some);
  auto failing = since_of(database, report, report.failing.some);
  if (!gone) return fail(gone.error());
  if (!failing) return fail(failing.error());
  report.gone_since = std::move(*gone);
  report.failing_since = std::move(*failing);
  return {};
}

}  // namespace

Status read_users(Database& database, NightReport& report) {
  Status done = read_not_listed(database, report);
  if (done) done = read_three_nights(database, report);
  if (!done || !report.finished) return done;
  const auto add = [&report](const Statement& row) {
    report.renamed.push_back({std::string(row.text(0)), std::string(row.text(1))});
    report.renamed_count = count_in(row, 2);
  };
  return each_row(database, kRenamedLogins, add, report.finished->run_id, kNamesOfAdvice);
}

}  // namespace repopipe
