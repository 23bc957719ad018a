#include <array>

#include "storage/schema/column_meanings.h"

namespace repopipe {
namespace {

constexpr std::array kOfRecords{
    ColumnMeaning{"missing_repos", "run_id", "run: `runs.id`"},
    ColumnMeaning{"missing_repos", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"missing_repos", "login", "user whose list lacks it"},
    ColumnMeaning{"missing_repos", "missed_at", "when that list was complete"},
    ColumnMeaning{"missing_repos", "confirmed",
                  "1: the list has one page, or a second reading lacks it too; 0: that reading has "
                  "yet to come"},
    ColumnMeaning{"requests", "id", "number of the exchange"},
    ColumnMeaning{"requests", "run_id", "run: `runs.id`"},
    ColumnMeaning{"requests", "login",
                  "user it was for; empty: for none, such as one that asks whose token it is"},
    ColumnMeaning{"requests", "page", "page of the list, from 1; 0: not for a page"},
    ColumnMeaning{"requests", "attempt", "which try for this page, from 1"},
    ColumnMeaning{"requests", "started_at", "when it was sent"},
    ColumnMeaning{"requests", "status", "HTTP status; NULL: no response came"},
    ColumnMeaning{"requests", "http_version", "`1.1` or `2`; NULL without a response"},
    ColumnMeaning{"requests", "bytes", "headers and body as received, compressed"},
    ColumnMeaning{"requests", "name_lookup_ms", "until the name was resolved"},
    ColumnMeaning{"requests", "connect_ms", "until the connection stood"},
    ColumnMeaning{"requests", "tls_ms", "until TLS was agreed"},
    ColumnMeaning{"requests", "first_byte_ms", "until the first byte of the response"},
    ColumnMeaning{"requests", "total_ms", "until the end"},
    ColumnMeaning{"requests", "outcome",
                  "`ok`, `unchanged` (304), `moved`, or the kind of the failure"},
    ColumnMeaning{"requests", "error", "one line; NULL when ok"},
    ColumnMeaning{"requests", "resource",
                  "what was listed: 1 repositories; 1 too where nothing was"},
    ColumnMeaning{"users", "id", "GitHub's number of the account: stays when the login changes"},
    ColumnMeaning{"users", "login",
                  "login when last seen; compares without regard to case; a freed login may belong "
                  "to two rows"},
    ColumnMeaning{"users", "kind", "`User` or `Organization`"},
    ColumnMeaning{"users", "first_seen_at", "when a list first named it"},
    ColumnMeaning{"users", "first_seen_run", "run that did: `runs.id`"},
    ColumnMeaning{"users", "last_seen_at",
                  "when a page of its list was last read; not when its list is only confirmed"},
    ColumnMeaning{"users", "gone_since",
                  "when a run learned that nobody has its number any more; NULL while it is there. "
                  "Its repositories stay as they were last seen"},
    ColumnMeaning{"user_renames", "user_id", "account: `users.id`"},
    ColumnMeaning{"user_renames", "run_id", "run that saw it: `runs.id`"},
    ColumnMeaning{"user_renames", "old_login", "login before the run"},
    ColumnMeaning{"user_renames", "new_login", "login after it"},
    ColumnMeaning{"user_renames", "changed_at", "when the new login was seen"},
    ColumnMeaning{"listings", "login",
                  "as the job spelled it first; compares without regard to case"},
    ColumnMeaning{"listings", "resource", "what is listed of it: 1 repositories"},
    ColumnMeaning{"listings", "user_id",
                  "account that it led to last: `users.id`; stays when the account is lost; NULL: "
                  "it never had a repository"},
    ColumnMeaning{"listings", "per_page", "page size that works for it; NULL: that of the job"},
    ColumnMeaning{"listings", "read_at",
                  "when a page of its list was last read; NULL: before the schema had version 3"},
    ColumnMeaning{"listings", "good_runs",
                  "complete lists in a row that were read without trouble at this page size"},
    ColumnMeaning{
        "listings", "empty_since",
        "when its list first came back empty although repositories are known; NULL: it did not"},
    ColumnMeaning{"pages", "login", "login: `listings.login`"},
    ColumnMeaning{"pages", "resource", "what is listed: `listings.resource`"},
    ColumnMeaning{"pages", "page", "page of the list, from 1"},
    ColumnMeaning{"pages", "principal",
                  "whose token had asked, as a digest: an ETag only holds for who asked"},
    ColumnMeaning{"pages", "etag", "its ETag as it came"},
    ColumnMeaning{"pages", "target", "what was asked for: path and query"},
    ColumnMeaning{"pages", "next_target",
                  "the same of the page behind it; NULL: it is the last one"},
    ColumnMeaning{"pages", "repo_ids",
                  "numbers of the repositories on it, as a JSON array: `json_each(repo_ids)`"},
    ColumnMeaning{"repos", "first_seen_at", "when a list first had it"},
    ColumnMeaning{"repos", "first_seen_run", "run that first had it: `runs.id`"},
    ColumnMeaning{"repos", "last_seen_at",
                  "when a page with it was last read, not merely confirmed"},
    ColumnMeaning{"repos", "last_changed_at",
                  "last time a field other than the statistics changed; NULL: never"},
    ColumnMeaning{"repos", "gone_since",
                  "when the complete list of its owner lacked it; NULL while it is there"},
    ColumnMeaning{"repo_topics", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"repo_topics", "topic", "one of its topics"},
    ColumnMeaning{"repo_stats", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"repo_stats", "valid_from", "when the values were first seen"},
    ColumnMeaning{
        "repo_stats", "valid_to",
        "when other values were seen, or the repository had vanished; NULL while current"},
    ColumnMeaning{"repo_changes", "run_id", "run that saw it: `runs.id`"},
    ColumnMeaning{"repo_changes", "repo_id", "repository: `repos.id`"},
    ColumnMeaning{"repo_changes", "field", "column of `repos`"},
    ColumnMeaning{"repo_changes", "old_value", "what it was, with the type of the column"},
    ColumnMeaning{"repo_changes", "new_value", "what it became"},
    ColumnMeaning{"repo_changes", "changed_at", "when the new value was seen"},
    ColumnMeaning{"members", "org_id", "organisation: `users.id`"},
    ColumnMeaning{"members", "since", "when a list first had the member"},
    ColumnMeaning{"members", "until", "when a list lacked the member; NULL while current"},
    ColumnMeaning{"members", "last_seen_at", "when a response last had the member"},
    ColumnMeaning{"member_changes", "run_id", "run that saw it: `runs.id`"},
    ColumnMeaning{"member_changes", "org_id", "organisation: `users.id`"},
    ColumnMeaning{"member_changes", "field", "column of `members`"},
    ColumnMeaning{"member_changes", "old_value", "what it was, with the type of the column"},
    ColumnMeaning{"member_changes", "new_value", "what it became"},
    ColumnMeaning{"member_changes", "changed_at", "when the new value was seen"}};

}  // namespace

std::span<const ColumnMeaning> meanings_of_records() {
  return kOfRecords;
}

}  // namespace repopipe
