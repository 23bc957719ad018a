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
        "`limited` (a limit asks for a longer wait than the job allows), `failed`; `running` long "
        "after its time: the program was killed, and the next run of the job resumes it"},
    ColumnMeaning{"runs", "started_at", "when it first began"},
    ColumnMeaning{"runs", "finished_at", "when it ended; NULL while it runs"},
    ColumnMeaning{"runs", "exit_code", "exit code of the program"},
    ColumnMeaning{"runs", "error", "one line; NULL when there is nothing to say"},
    ColumnMeaning{"runs", "resumed", "how often it was resumed"},
    ColumnMeaning{"runs", "users_ok", "users whose complete list was stored"},
    ColumnMeaning{"runs", "users_unchanged",
                  "users whose list the API said had not changed, on any page"},
    ColumnMeaning{"runs", "users_not_found", "users the API does not know, or does not show"},
    ColumnMeaning{"runs", "users_renamed", "users whose list came from another login"},
    ColumnMeaning{"runs", "users_blocked", "users the API refuses for good"},
    ColumnMeaning{"runs", "users_failed", "users that failed otherwise"},
    ColumnMeaning{"runs", "repos_seen",
                  "repositories in the lists of the run, also on pages that had not changed"},
    ColumnMeaning{"runs", "repos_new", "seen for the first time"},
    ColumnMeaning{"runs", "repos_changed",
                  "with a field that differs, or back after having been gone"},
    ColumnMeaning{"runs", "repos_gone",
                  "rows of `repo_changes` in which one vanished; written when the run ends"},
    ColumnMeaning{"runs", "requests", "HTTP requests, also those of users that were not settled"},
    ColumnMeaning{"runs", "bytes", "bytes received by them"},
    ColumnMeaning{"runs", "wall_ms", "wall time: the next five together"},
    ColumnMeaning{"runs", "starting_ms", "before the first request"},
    ColumnMeaning{"runs", "fetching_ms", "at least one request under way"},
    ColumnMeaning{"runs", "processing_ms",
                  "none under way, but pages or users being parsed or stored"},
    ColumnMeaning{"runs", "waiting_ms", "nothing under way: pausing before a retry"},
    ColumnMeaning{"runs", "finishing_ms", "after the last user"},
    ColumnMeaning{"runs", "fetch_busy_ms",
                  "sum over all requests; may exceed the wall time, like the next three"},
    ColumnMeaning{"runs", "parse_busy_ms", "sum of inflating and parsing"},
    ColumnMeaning{"runs", "store_busy_ms", "sum of the writer"},
    ColumnMeaning{"runs", "plan_busy_ms", "sum of the planner"},
    ColumnMeaning{"runs", "job_digest",
                  "digest of the job file; after a resume, of the latest part; NULL: unknown"},
    ColumnMeaning{"runs", "requests_unchanged",
                  "requests that the API answered with 304: not changed"},
    ColumnMeaning{
        "runs", "uid",
        "name of the run in whatever database it is: 32 hexadecimal digits, made up when it began"},
    ColumnMeaning{"runs", "shard",
                  "share of the job's users, `2/3`, as `--shard` told; NULL: all of them"},
    ColumnMeaning{
        "runs", "merged",
        "1: `repopipe merge` brought it from another database; a run here never goes on with it"},
    ColumnMeaning{"runs", "provider",
                  "`provider.kind` of the job; NULL: before the schema had version 4"},
    ColumnMeaning{"runs", "host",
                  "name of the API's host, in lower case; NULL: before the schema had version 4"},
    ColumnMeaning{"runs", "ordinal",
                  "place in the order in which the runs began; a merge numbers all runs anew, by "
                  "`started_at`"},
    ColumnMeaning{"run_parts", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_parts", "part", "which part of the run, from 1"},
    ColumnMeaning{"run_parts", "started_at", "when it began"},
    ColumnMeaning{"run_parts", "finished_at",
                  "when it ended; NULL while it runs, or if the program was killed"},
    ColumnMeaning{"run_parts", "status", "how it ended, as in `runs.status`"},
    ColumnMeaning{"run_parts", "exit_code",
                  "exit code of the program; NULL while it runs, or if the program was killed"},
    ColumnMeaning{"run_parts", "error", "one line; NULL when there is nothing to say"},
    ColumnMeaning{"run_users", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_users", "login", "as the job spells it; compares without regard to case"},
    ColumnMeaning{"run_users", "outcome",
                  "`ok`; `unchanged`: no page of the list had; `renamed`: the list is stored, and "
                  "is another login's; `not_found`, `blocked` or `failed`"},
    ColumnMeaning{"run_users", "user_id",
                  "account that the login leads to: `users.id`; NULL unless `ok`, `unchanged` or "
                  "`renamed`, and when an empty list belongs to nobody known"},
    ColumnMeaning{"run_users", "settled_at", "when its list was complete or had failed"},
    ColumnMeaning{"run_users", "repos",
                  "repositories in the list, each once, also on pages that had not changed"},
    ColumnMeaning{"run_users", "repos_new", "of these, seen for the first time"},
    ColumnMeaning{"run_users", "repos_changed", "of these, changed or back"},
    ColumnMeaning{"run_users", "repos_gone",
                  "repositories that the run marked as gone because this list lacked them; written "
                  "when the run ends"},
    ColumnMeaning{"run_users", "skipped",
                  "elements of the list that are `null`, and records that cannot be read: they are "
                  "not stored, and not taken for gone; where one has no readable id, nothing of "
                  "this list is taken for gone"},
    ColumnMeaning{"run_users", "pages", "pages of the list"},
    ColumnMeaning{"run_users", "requests", "HTTP requests"},
    ColumnMeaning{"run_users", "attempts",
                  "highest attempt of any of its requests; 1: none had to be repeated"},
    ColumnMeaning{"run_users", "bytes", "bytes received"},
    ColumnMeaning{"run_users", "queued_ms",
                  "waiting: for a connection, for parse and for the writer"},
    ColumnMeaning{"run_users", "fetch_ms", "sum of its requests"},
    ColumnMeaning{"run_users", "parse_ms", "inflating and parsing"},
    ColumnMeaning{"run_users", "store_ms", "writing it, without its share of the commit"},
    ColumnMeaning{"run_users", "error", "one line; NULL when ok"},
    ColumnMeaning{"run_users", "renamed_to", "login of the account now; NULL unless `renamed`"},
    ColumnMeaning{"run_users", "lost_user_id",
                  "account that the login led to before, and does not any more: `users.id`; "
                  "somebody else has the login, or nobody"},
    ColumnMeaning{"run_listings", "run_id", "run: `runs.id`"},
    ColumnMeaning{"run_listings", "login", "as the job spells it; compares without regard to case"},
    ColumnMeaning{"run_listings", "resource",
                  "what was listed; 1, the repositories, are in `run_users`"},
    ColumnMeaning{"run_listings", "outcome",
                  "as in `run_users`; `failed` also when the list was refused: more records "
                  "vanished than `run.max_vanished` allows"},
    ColumnMeaning{"run_listings", "user_id",
                  "account that the login leads to: `users.id`; NULL unless `ok`, `unchanged` or "
                  "`renamed`, and when an empty list belongs to nobody known"},
    ColumnMeaning{"run_listings", "settled_at", "when its list was complete or had failed"},
    ColumnMeaning{"run_listings", "repos",
                  "records in the list, each once, also on pages that had not changed"},
    ColumnMeaning{"run_listings", "repos_new", "of these, stays that began"},
    ColumnMeaning{"run_listings", "repos_changed", "of these, changed"},
    ColumnMeaning{"run_listings", "repos_gone", "stays that ended because this list lacked them"},
    ColumnMeaning{"run_listings", "skipped",
                  "elements of the list that are `null`, and records that cannot be read: they are "
                  "not stored, and not taken for gone; where one has no readable id, nothing of "
                  "this list is taken for gone"},
    ColumnMeaning{"run_listings", "pages", "pages of the list"},
    ColumnMeaning{"run_listings", "requests", "HTTP requests"},
    ColumnMeaning{"run_listings", "attempts",
                  "highest attempt of any of its requests; 1: none had to be repeated"},
    ColumnMeaning{"run_listings", "bytes", "bytes received"},
    ColumnMeaning{"run_listings", "queued_ms",
                  "waiting: for a connection, for parse and for the writer"},
    ColumnMeaning{"run_listings", "fetch_ms", "sum of its requests"},
    ColumnMeaning{"run_listings", "parse_ms", "inflating and parsing"},
    ColumnMeaning{"run_listings", "store_ms", "writing it, without its share of the commit"},
    ColumnMeaning{"run_listings", "error", "one line; NULL when ok"},
    ColumnMeaning{"run_listings", "renamed_to", "login of the account now; NULL unless `renamed`"},
    ColumnMeaning{"run_listings", "lost_user_id",
                  "account that the login led to before, and does not any more: `users.id`; "
                  "somebody else has the login, or nobody"}};

}  // namespace

std::span<const ColumnMeaning> meanings_of_runs() {
  return kOfRuns;
}

}  // namespace repopipe
