#include <array>

#include "storage/schema/column_meanings.h"

namespace repopipe {
namespace {

constexpr std::array kOfRecords{
    ColumnMeaning{"missing_repos", "run_id", "run: `runs.id`"},
    ColumnMeaning{"missing_repos", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"missing_repos", "login", "user whose list lacks it"},
    ColumnMeaning{"missing_repos", "missed_at", "time at which that list was complete"},
    ColumnMeaning{"missing_repos", "confirmed",
                  "1: the list has one page, or its second reading lacks the repository too; 0: "
                  "there was no second reading yet"},
    ColumnMeaning{"requests", "id", "number of the request"},
    ColumnMeaning{"requests", "run_id", "run: `runs.id`"},
    ColumnMeaning{"requests", "login",
                  "user of the request; empty: none, such as a request for the account of a token"},
    ColumnMeaning{"requests", "page", "page of the list, from 1; 0: not for a page"},
    ColumnMeaning{"requests", "attempt", "number of the attempt for this page, from 1"},
    ColumnMeaning{"requests", "started_at", "time of sending"},
    ColumnMeaning{"requests", "status", "HTTP status; NULL: no response"},
    ColumnMeaning{"requests", "http_version", "`1.1` or `2`; NULL without a response"},
    ColumnMeaning{"requests", "bytes", "size of headers and body as received (compressed)"},
    ColumnMeaning{"requests", "name_lookup_ms", "until the name was resolved"},
    ColumnMeaning{"requests", "connect_ms", "until the connection was established"},
    ColumnMeaning{"requests", "tls_ms", "until the end of the TLS handshake"},
    ColumnMeaning{"requests", "first_byte_ms", "until the first byte of the response"},
    ColumnMeaning{"requests", "total_ms", "until the end of the response"},
    ColumnMeaning{"requests", "outcome",
                  "`ok`, `unchanged` (304), `moved`, or the kind of the failure"},
    ColumnMeaning{"requests", "error", "one line; NULL if ok"},
    ColumnMeaning{"requests", "resource",
                  "resource that was listed: 1 repositories; also 1 if none was"},
    ColumnMeaning{"users", "id",
                  "id of the account at the provider: constant when the login changes"},
    ColumnMeaning{"users", "login",
                  "login when last seen; compared without case; two rows have the same login if "
                  "another account took it"},
    ColumnMeaning{"users", "kind", "`User` or `Organization`"},
    ColumnMeaning{"users", "first_seen_at", "time at which a list first had it"},
    ColumnMeaning{"users", "first_seen_run", "run that first had it: `runs.id`"},
    ColumnMeaning{"users", "last_seen_at",
                  "time at which a page of its list was last read; a 304 does not count"},
    ColumnMeaning{"users", "gone_since",
                  "time at which a run found that its id does not exist any more; NULL: not gone. "
                  "Its repositories keep their last values"},
    ColumnMeaning{"user_renames", "user_id", "account: `users.id`"},
    ColumnMeaning{"user_renames", "run_id", "run that saw it: `runs.id`"},
    ColumnMeaning{"user_renames", "old_login", "login before the run"},
    ColumnMeaning{"user_renames", "new_login", "login after it"},
    ColumnMeaning{"user_renames", "changed_at", "time at which the new login was seen"},
    ColumnMeaning{"listings", "login", "as the job first spelled it; compared without case"},
    ColumnMeaning{"listings", "resource", "listed resource: 1 repositories"},
    ColumnMeaning{"listings", "user_id",
                  "last known account of the login: `users.id`; kept when the account is lost; "
                  "NULL: it never had a repository"},
    ColumnMeaning{"listings", "per_page", "page size that succeeded; NULL: that of the job"},
    ColumnMeaning{"listings", "read_at",
                  "time at which a page of its list was last read; NULL: before schema version 3"},
    ColumnMeaning{"listings", "good_runs",
                  "complete lists in a row without failures at this page size"},
    ColumnMeaning{
        "listings", "empty_since",
        "time at which its list was first empty although repositories are known; NULL: it was not"},
    ColumnMeaning{"pages", "login", "login: `listings.login`"},
    ColumnMeaning{"pages", "resource", "listed resource: `listings.resource`"},
    ColumnMeaning{"pages", "page", "page of the list, from 1"},
    ColumnMeaning{"pages", "principal",
                  "digest that stands for the token of the request: an ETag is valid for it only"},
    ColumnMeaning{"pages", "etag", "its ETag as received"},
    ColumnMeaning{"pages", "target", "path and query of the request"},
    ColumnMeaning{"pages", "next_target",
                  "path and query of the next page; NULL: this is the last one"},
    ColumnMeaning{"pages", "repo_ids",
                  "ids of the repositories on it, as a JSON array: `json_each(repo_ids)`"},
    ColumnMeaning{"repos", "first_seen_at", "time at which a list first had it"},
    ColumnMeaning{"repos", "first_seen_run", "run that first had it: `runs.id`"},
    ColumnMeaning{"repos", "last_seen_at",
                  "time at which a page with it was last read; a 304 does not count"},
    ColumnMeaning{"repos", "last_changed_at",
                  "time of the last change of a field that is not a statistic; NULL: never"},
    ColumnMeaning{"repos", "gone_since",
                  "time at which the complete list of its owner lacked it; NULL: not gone"},
    ColumnMeaning{"repo_topics", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"repo_topics", "topic", "one of its topics"},
    ColumnMeaning{"repo_stats", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"repo_stats", "valid_from", "time at which the values were first seen"},
    ColumnMeaning{
        "repo_stats", "valid_to",
        "time at which other values were seen, or the repository had vanished; NULL: current"},
    ColumnMeaning{"repo_changes", "run_id", "run that saw it: `runs.id`"},
    ColumnMeaning{"repo_changes", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"repo_changes", "field", "column of `repos`"},
    ColumnMeaning{"repo_changes", "old_value", "old value, with the type of the column"},
    ColumnMeaning{"repo_changes", "new_value", "new value"},
    ColumnMeaning{"repo_changes", "changed_at", "time at which the new value was seen"},
    ColumnMeaning{"members", "org_id", "organisation: `users.id`"},
    ColumnMeaning{"members", "since", "time at which a list first had the member"},
    ColumnMeaning{"members", "until", "time at which a list lacked the member; NULL: current"},
    ColumnMeaning{"members", "last_seen_at", "time at which a response last had the member"},
    ColumnMeaning{"member_changes", "run_id", "run that saw it: `runs.id`"},
    ColumnMeaning{"member_changes", "org_id", "organisation: `users.id`"},
    ColumnMeaning{"member_changes", "field", "column of `members`"},
    ColumnMeaning{"member_changes", "old_value", "old value, with the type of the column"},
    ColumnMeaning{"member_changes", "new_value", "new value"},
    ColumnMeaning{"member_changes", "changed_at", "time at which the new value was seen"}};

}  // namespace

std::span<const ColumnMeaning> meanings_of_records() {
  return kOfRecords;
}

}  // namespace repopipe
