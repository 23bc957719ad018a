#include <array>

#include "storage/schema/column_meanings.h"

namespace repopipe {
namespace {

constexpr std::array kOfRuns{
    ColumnMeaning{"runs", "id", "number of the run"},
    ColumnMeaning{"runs", "job", "name of the job"},
    ColumnMeaning{"runs", "version", "version of the program; after a resume, of the latest part"},
    ColumnMeaning{
        "runs", "status",
        "`running`, `complete`, `incomplete` (too many users failed), `interrupted`, `deadline`, "
        "`limited` (a rate limit required a longer wait than the job allows), `failed`; a run that "
        "stays `running` was killed, and the next run of the job resumes it"},
    ColumnMeaning{"runs", "started_at", "start of its first part"},
    ColumnMeaning{"runs", "finished_at", "end; NULL while it runs"},
    ColumnMeaning{"runs", "exit_code", "exit code of the program"},
    ColumnMeaning{"runs", "error", "one line; NULL if there is none"},
    ColumnMeaning{"runs", "resumed", "how often it was resumed"},
    ColumnMeaning{"runs", "users_ok", "users whose complete list was stored"},
    ColumnMeaning{"runs", "users_unchanged",
                  "users whose list had not changed: the API answered 304 for every page"},
    ColumnMeaning{"runs", "users_not_found", "users that the API does not know or does not show"},
    ColumnMeaning{"runs", "users_renamed", "users whose list came from another login"},
    ColumnMeaning{"runs", "users_blocked", "users that the API refuses permanently"},
    ColumnMeaning{"runs", "users_failed", "users that failed for another reason"},
    ColumnMeaning{"runs", "repos_seen",
                  "repositories in the lists of the run, with those on unchanged pages"},
    ColumnMeaning{"runs", "repos_new", "seen for the first time"},
    ColumnMeaning{"runs", "repos_changed", "with a changed field, or no longer gone"},
    ColumnMeaning{
        "runs", "repos_gone",
        "rows of `repo_changes` with a repository that vanished; written at the end of the run"},
    ColumnMeaning{"runs", "requests", "HTTP requests, with those of users without an outcome"},
    ColumnMeaning{"runs", "bytes", "bytes received by them"},
    ColumnMeaning{"runs", "wall_ms", "wall time: the sum of the next five"},
    ColumnMeaning{"runs", "starting_ms", "before the first request"},
    ColumnMeaning{"runs", "fetching_ms", "at least one request in flight"},
    ColumnMeaning{"runs", "processing_ms",
                  "no request in flight, and pages or users in parse or store"},
    ColumnMeaning{"runs", "waiting_ms", "no work in progress: waiting, see `run_waits`"},
    ColumnMeaning{"runs", "finishing_ms", "after the last user"},
    ColumnMeaning{"runs", "fetch_busy_ms",
                  "time of all requests; may exceed the wall time, like the next three"},
    ColumnMeaning{"runs", "parse_busy_ms", "time of decompressing and parsing"},
    ColumnMeaning{"runs", "store_busy_ms", "time of the writer"},
    ColumnMeaning{"runs", "plan_busy_ms", "time of the planner"},
    ColumnMeaning{"runs", "job_digest",
                  "digest of the job file; after a resume, of the latest part; NULL: unknown"},
    ColumnMeaning{"runs", "requests_unchanged",
                  "requests that the API answered with 304 (not modified)"},
    ColumnMeaning{"runs", "uid",
                  "name of the run, the same in every database: 32 random hexadecimal digits"},
    ColumnMeaning{
        "runs", "shard",
        "share of the job's users, as given by `--shard`, such as `2/3`; NULL: all of them"},
    ColumnMeaning{"runs", "merged",
                  "1: `repopipe merge` copied it from another database; it is never resumed here"},
    ColumnMeaning{"runs", "provider",
                  "`provider.kind` of the job; NULL: the run is older than schema version 4"},
    ColumnMeaning{
        "runs", "host",
        "name of the API's host, in lower case; NULL: the run is older than schema version 4"},
    ColumnMeaning{"runs", "ordinal",
                  "position in the order in which the runs began; a merge renumbers all runs by "
                  "`started_at`"},
    ColumnMeaning{"run_parts", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_parts", "part", "number of the part, from 1"},
    ColumnMeaning{"run_parts", "started_at", "start"},
    ColumnMeaning{"run_parts", "finished_at",
                  "end; NULL while it runs, or if the program was killed"},
    ColumnMeaning{"run_parts", "status", "as `runs.status`"},
    ColumnMeaning{"run_parts", "exit_code",
                  "exit code of the program; NULL while it runs, or if the program was killed"},
    ColumnMeaning{"run_parts", "error", "one line; NULL if there is none"},
    ColumnMeaning{"run_waits", "run_id", "run: `runs.id`"},
    ColumnMeaning{
        "run_waits", "cause",
        "`quota` (of a token), `secondary` (the API asks all clients to pause), `pace` "
        "(`limits.requests_per_minute`), `response_time` (`limits.response_seconds_per_minute`), "
        "`network` (an outage), `queue` (it cannot be used, or has no workers), `retry` (before a "
        "failed request is repeated)"},
    ColumnMeaning{"run_waits", "ms",
                  "time of waiting; the rows of a run add up to `runs.waiting_ms`"},
    ColumnMeaning{"run_waits", "times", "number of waits"},
    ColumnMeaning{"run_tokens", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_tokens", "token",
                  "entry of `provider.tokens`, such as `env:GITHUB_TOKEN`; for a command "
                  "`provider.tokens[N]`, counted from 0; `anonymous`: the run had no token"},
    ColumnMeaning{"run_tokens", "quota_limit",
                  "requests that its account may send in an hour; NULL here and below: the API "
                  "did not tell"},
    ColumnMeaning{"run_tokens", "remaining", "of these, left after the last response that told"},
    ColumnMeaning{"run_tokens", "resets_at", "end of that hour"},
    ColumnMeaning{"run_tokens", "expires_at", "time at which the token expires"},
    ColumnMeaning{"run_requests", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_requests", "status", "HTTP status; 0: no response"},
    ColumnMeaning{"run_requests", "outcome", "as `requests.outcome`"},
    ColumnMeaning{"run_requests", "count", "number of requests with that status and outcome"},
    ColumnMeaning{"run_requests", "bytes", "sum of `requests.bytes`"},
    ColumnMeaning{"run_requests", "total_ms", "sum of `requests.total_ms`"},
    ColumnMeaning{"run_requests", "le_50", "requests that took at most 50 ms"},
    ColumnMeaning{"run_requests", "le_100",
                  "at most 100 ms, with those of the column before: the columns are cumulative"},
    ColumnMeaning{"run_requests", "le_200", "at most 200 ms"},
    ColumnMeaning{"run_requests", "le_500", "at most 500 ms"},
    ColumnMeaning{"run_requests", "le_1000", "at most 1 s"},
    ColumnMeaning{"run_requests", "le_2000", "at most 2 s"},
    ColumnMeaning{"run_requests", "le_5000", "at most 5 s"},
    ColumnMeaning{"run_requests", "le_10000", "at most 10 s; `count - le_10000`: longer than that"},
    ColumnMeaning{"run_users", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_users", "login", "as the job spells it; compared without case"},
    ColumnMeaning{"run_users", "outcome",
                  "`ok`; `unchanged`: no page of the list has changed; `renamed`: the list is "
                  "stored, and the account has another login; `not_found`, `blocked` or `failed`"},
    ColumnMeaning{"run_users", "user_id",
                  "account that the login leads to: `users.id`; NULL unless `ok`, `unchanged` or "
                  "`renamed`, and for an empty list of an unknown account"},
    ColumnMeaning{"run_users", "settled_at", "time at which its list was complete or had failed"},
    ColumnMeaning{"run_users", "repos",
                  "repositories in the list, each once, with those on unchanged pages"},
    ColumnMeaning{"run_users", "repos_new", "of these, seen for the first time"},
    ColumnMeaning{"run_users", "repos_changed", "of these, changed or no longer gone"},
    ColumnMeaning{"run_users", "repos_gone",
                  "repositories that the run marked as gone because this list lacked them; written "
                  "at the end of the run"},
    ColumnMeaning{"run_users", "skipped",
                  "elements of the list that are `null` or cannot be read: they are not stored and "
                  "not marked as gone; if the id of one cannot be read, no record of this list is "
                  "marked as gone"},
    ColumnMeaning{"run_users", "pages", "pages of the list"},
    ColumnMeaning{"run_users", "requests", "HTTP requests"},
    ColumnMeaning{"run_users", "attempts", "highest attempt of its requests; 1: no retry"},
    ColumnMeaning{"run_users", "bytes", "bytes received"},
    ColumnMeaning{"run_users", "queued_ms",
                  "time of waiting for a connection, for parse and for the writer"},
    ColumnMeaning{"run_users", "fetch_ms", "time of its requests"},
    ColumnMeaning{"run_users", "parse_ms", "time of decompressing and parsing"},
    ColumnMeaning{"run_users", "store_ms", "time of writing, without its share of the commit"},
    ColumnMeaning{"run_users", "error", "one line; NULL if ok"},
    ColumnMeaning{"run_users", "renamed_to", "current login of the account; NULL unless `renamed`"},
    ColumnMeaning{"run_users", "lost_user_id",
                  "account that had the login before and no longer has it: `users.id`; another "
                  "account has the login, or none"},
    ColumnMeaning{"run_listings", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_listings", "login", "as the job spells it; compared without case"},
    ColumnMeaning{"run_listings", "resource",
                  "resource that was listed; repositories (1) are in `run_users`"},
    ColumnMeaning{
        "run_listings", "outcome",
        "as in `run_users`; `failed` also if more records vanished than `run.max_vanished` allows"},
    ColumnMeaning{"run_listings", "user_id",
                  "account that the login leads to: `users.id`; NULL unless `ok`, `unchanged` or "
                  "`renamed`, and for an empty list of an unknown account"},
    ColumnMeaning{"run_listings", "settled_at",
                  "time at which its list was complete or had failed"},
    ColumnMeaning{"run_listings", "repos",
                  "records in the list, each once, with those on unchanged pages"},
    ColumnMeaning{"run_listings", "repos_new", "stays that began"},
    ColumnMeaning{"run_listings", "repos_changed", "of these, changed"},
    ColumnMeaning{"run_listings", "repos_gone", "stays that ended because this list lacked them"},
    ColumnMeaning{"run_listings", "skipped",
                  "elements of the list that are `null` or cannot be read: they are not stored and "
                  "not marked as gone; if the id of one cannot be read, no record of this list is "
                  "marked as gone"},
    ColumnMeaning{"run_listings", "pages", "pages of the list"},
    ColumnMeaning{"run_listings", "requests", "HTTP requests"},
    ColumnMeaning{"run_listings", "attempts", "highest attempt of its requests; 1: no retry"},
    ColumnMeaning{"run_listings", "bytes", "bytes received"},
    ColumnMeaning{"run_listings", "queued_ms",
                  "time of waiting for a connection, for parse and for the writer"},
    ColumnMeaning{"run_listings", "fetch_ms", "time of its requests"},
    ColumnMeaning{"run_listings", "parse_ms", "time of decompressing and parsing"},
    ColumnMeaning{"run_listings", "store_ms", "time of writing, without its share of the commit"},
    ColumnMeaning{"run_listings", "error", "one line; NULL if ok"},
    ColumnMeaning{"run_listings", "renamed_to",
                  "current login of the account; NULL unless `renamed`"},
    ColumnMeaning{"run_listings", "lost_user_id",
                  "account that had the login before and no longer has it: `users.id`; another "
                  "account has the login, or none"}};

}  // namespace

std::span<const ColumnMeaning> meanings_of_runs() {
  return kOfRuns;
}

}  // namespace repopipe
