#include "storage/store/run_log.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/secrets.h"

namespace repopipe {
namespace {

// By id, because the time has no index.  If the calendar was set back by some seconds, a response
// may have a time in the future.
constexpr std::string_view kRecent = R"sql(
SELECT age, total_ms FROM (
  SELECT (julianday(?1) - julianday(started_at)) * 86400000 - total_ms AS age, total_ms
  FROM (SELECT started_at, total_ms, outcome FROM requests ORDER BY id DESC LIMIT ?3)
  WHERE outcome NOT IN ('connect', 'cancelled', 'queue'))
WHERE age > -5000 AND age < ?2
ORDER BY age DESC)sql";

Duration rounded(double milliseconds) {
  return std::chrono::round<Duration>(std::chrono::duration<double, std::milli>(milliseconds));
}

}  // namespace

Result<std::vector<RecentRequest>> recent_requests(Database& database, WallTime now, Duration span,
                                                   std::size_t most) {
  auto statement = database.prepare(kRecent);
  if (!statement) return fail(statement.error());
  const std::string time = to_iso8601(now);
  statement->bind(std::string_view(time), milliseconds(span), most);
  std::vector<RecentRequest> requests;
  while (true) {
    const auto found = statement->step();
    if (!found) return fail(found.error());
    if (!*found) return requests;
    requests.push_back(
        {std::max(rounded(statement->real(0)), Duration::zero()), rounded(statement->real(1))});
  }
}

namespace {

constexpr std::string_view kSettled = R"sql(
INSERT INTO {log} (run_id, login, outcome, user_id, settled_at, repos, repos_new, repos_changed,
                       skipped, pages, requests, attempts, bytes, queued_ms, fetch_ms, parse_ms,
                       store_ms, error, renamed_to, lost_user_id, repos_gone{column})
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
        ?21{value})
ON CONFLICT (run_id, login{column}) DO UPDATE SET
  outcome = excluded.outcome, user_id = coalesce(excluded.user_id, user_id),
  settled_at = excluded.settled_at, repos = excluded.repos,
  repos_new = repos_new + excluded.repos_new,
  repos_changed = repos_changed + excluded.repos_changed,
  repos_gone = repos_gone + excluded.repos_gone,
  skipped = excluded.skipped, pages = excluded.pages, requests = requests + excluded.requests,
  attempts = max(attempts, excluded.attempts), bytes = bytes + excluded.bytes,
  queued_ms = queued_ms + excluded.queued_ms, fetch_ms = fetch_ms + excluded.fetch_ms,
  parse_ms = parse_ms + excluded.parse_ms, store_ms = store_ms + excluded.store_ms,
  error = excluded.error, renamed_to = excluded.renamed_to,
  lost_user_id = excluded.lost_user_id)sql";

// A second reading.  ?3: 1 if it has a list; otherwise the values of the first one are kept.
constexpr std::string_view kAgain = R"sql(
UPDATE {log} SET
  settled_at = ?4, repos = iif(?3, ?5, repos), repos_new = repos_new + ?6,
  repos_changed = repos_changed + ?7, skipped = max(skipped, ?8), pages = iif(?3, ?9, pages),
  requests = requests + ?10, attempts = max(attempts, ?11), bytes = bytes + ?12,
  queued_ms = queued_ms + ?13, fetch_ms = fetch_ms + ?14, parse_ms = parse_ms + ?15,
  store_ms = store_ms + ?16, error = coalesce(?17, error)
WHERE run_id = ?1 AND login = ?2{log_condition})sql";

constexpr std::string_view kExchange = R"sql(
INSERT INTO requests (run_id, login, page, attempt, started_at, status, http_version, bytes,
                      name_lookup_ms, connect_ms, tls_ms, first_byte_ms, total_ms, outcome, error,
                      resource)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))sql";

std::optional<std::string_view> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// Errors quote texts of the API and of libcurl.
std::string error_to_keep(const std::string& error) {
  return error.empty() ? error : without_secrets(error);
}

// A table that several resources share has the resource in its key.
std::string settled_sql(const ResourceColumns& columns) {
  std::string sql = sql_for(columns, kSettled);
  const bool is_shared = !columns.log_condition.empty();
  const auto replace = [&sql](std::string_view name, const std::string& by) {
    for (auto at = sql.find(name); at != sql.npos; at = sql.find(name)) {
      sql.replace(at, name.size(), by);
    }
  };
  replace("{column}", is_shared ? ", resource" : "");
  replace("{value}", is_shared ? ", " + std::to_string(columns.resource) : "");
  return sql;
}

bool is_list(Outcome outcome) {
  return outcome == Outcome::ok || outcome == Outcome::unchanged || outcome == Outcome::renamed;
}

}  // namespace

RunLog::RunLog(Preparation& prepare, std::int64_t run_id,
               const std::vector<ResourceColumns>& resources)
    : run_id_(run_id), exchange_(prepare(kExchange)) {
  for (const ResourceColumns& columns : resources) {
    logs_.push_back({columns.resource, columns.is_stay, prepare(settled_sql(columns)),
                     prepare(sql_for(columns, kAgain))});
  }
}

Status RunLog::settled(const Listing& listing, const Applied& applied, Duration queued,
                       Duration store, std::string_view now) {
  int attempts = 0;
  std::uint64_t bytes = 0;
  for (const RequestLog& log : listing.request_logs) {
    attempts = std::max(attempts, log.attempt);
    bytes += log.bytes;
  }
  int skipped = 0;
  for (const Page& page : listing.pages) skipped += page.skipped;
  const std::string& why = listing.error.empty() ? listing.incomplete : listing.error;
  const std::string error = error_to_keep(applied.refused.empty() ? why : applied.refused);
  const std::string_view login = listing.login;
  const auto log = std::ranges::find(logs_, listing.resource, &Log::resource);
  if (log == logs_.end()) return fail(FailureKind::internal, "a listing of an unknown resource");
  // A list that must be read again is not settled.
  if (log->is_stay && applied.must_reread) return {};
  if (applied.is_second) {
    auto done = log->again
                    .bind(run_id_, login, is_list(applied.outcome) ? 1 : 0, now, applied.seen,
                          applied.added, applied.changed, skipped, listing.pages.size(),
                          listing.request_logs.size(), attempts, bytes, milliseconds(queued),
                          milliseconds(listing.fetch), milliseconds(listing.parse),
                          milliseconds(store), unless_empty(error))
                    .run();
    if (!done || log->again.rows_written() > 0) return done;
  }
  return log->settled
      .bind(run_id_, login, name_of(applied.outcome), applied.account, now, applied.seen,
            applied.added, applied.changed, skipped, listing.pages.size(),
            listing.request_logs.size(), attempts, bytes, milliseconds(queued),
            milliseconds(listing.fetch), milliseconds(listing.parse), milliseconds(store),
            unless_empty(error), unless_empty(applied.renamed_to), applied.lost, applied.ended)
      .run();
}

Status RunLog::request_logs(const Listing& listing) {
  for (const RequestLog& log : listing.request_logs) {
    const Timing& timing = log.timing;
    const std::string started_at = to_iso8601(timing.started_at);
    const std::string error = error_to_keep(log.error);
    CellView status;
    if (log.status != 0) status = log.status;
    auto written = exchange_
                       .bind(run_id_, std::string_view(listing.login), log.page, log.attempt,
                             std::string_view(started_at), status, unless_empty(log.http_version),
                             log.bytes, milliseconds(timing.name_lookup),
                             milliseconds(timing.connect), milliseconds(timing.tls),
                             milliseconds(timing.first_byte), milliseconds(timing.total),
                             std::string_view(log.outcome), unless_empty(error), listing.resource)
                       .run();
    if (!written) return written;
  }
  return {};
}

}  // namespace repopipe
