// The values about one user that planner, parse and store exchange.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/http.h"
#include "pipeline/model/records.h"
#include "pipeline/model/task.h"

namespace repopipe {

// One HTTP request, as stored in the table `requests`.
struct RequestLog {
  int page = 1;  // 0: the request was not for a page
  int attempt = 1;
  int status = 0;  // 0: no response came
  std::uint64_t bytes = 0;
  std::string http_version{};
  Timing timing{};
  std::string outcome = "ok";  // or unchanged, moved, or the name of the failure's kind
  std::string error{};         // one line; empty when ok

  friend bool operator==(const RequestLog&, const RequestLog&) = default;
};

// What the next run needs to request a page conditionally.
struct Validator {
  std::string principal{};  // whose ETag it is, see Principal::identity
  std::string etag{};       // empty: the page has none and is always read
  std::string target{};
  std::string next{};  // target of the next page; empty: this is the last one

  friend bool operator==(const Validator&, const Validator&) = default;
};

enum class PageState {
  read,
  not_modified,  // its rows in the database stay unchanged
};

struct Page {
  int number = 1;
  PageState state = PageState::read;
  RecordBatch rows{Fields{}};  // empty if not modified
  int skipped = 0;             // `null` elements of the list
  std::uint64_t not_modified_records = 0;
  std::uint64_t digest = 0;  // of the records' ids in order; 0: no records
  Validator validator{};     // if the page was read
  // Records that were skipped because they are invalid:
  std::vector<std::int64_t> skipped_ids{};  // their ids, if readable
  // Records without a readable id, and records that the API counts but does not show.
  int unnamed_skips = 0;
  std::string skip_note{};  // one line about the first of them; empty: none
  // Records that a transform removed: they are in the list, but not stored.
  std::vector<std::int64_t> dropped_ids{};
  std::string partial{};  // why the API says that the list is partial; empty: it is not

  friend bool operator==(const Page&, const Page&) = default;
};

// The value of a valid response.
struct PageRead {  // a page, and the requests that follow from it
  Page page;
  std::vector<Request> follow_ups{};
  std::optional<std::uint64_t>
      total{};  // records of the whole list including hidden ones, if the API says

  friend bool operator==(const PageRead&, const PageRead&) = default;
};
struct Redirect {  // repeat the request for this target
  std::string target;

  friend bool operator==(const Redirect&, const Redirect&) = default;
};
struct Account {  // the response to RequestKind::account and owner
  std::int64_t id = 0;
  std::string login{};

  friend bool operator==(const Account&, const Account&) = default;
};
using Answer = std::variant<PageRead, Redirect, Account>;

// The hourly quota of a principal, from the headers of a response.
struct Quota {
  std::uint64_t limit = 0;
  std::uint64_t remaining = 0;
  std::int64_t window = 0;  // its end in seconds since 1970; identifies the window
  Duration resets_in{};     // by the server's clock if it sends the time; never negative

  friend bool operator==(const Quota&, const Quota&) = default;
};

// What a response says about rate limits and tokens.
struct RateLimitInfo {
  std::optional<Quota> quota{};
  std::optional<Duration> wait{};           // that a refusing response asks for; never negative
  std::optional<Duration> token_ends_in{};  // until the token expires; negative: it has expired
  std::string note{};                       // a message to print once per run

  friend bool operator==(const RateLimitInfo&, const RateLimitInfo&) = default;
};

// The result of a task.
struct TaskResult {
  Task task{};
  RequestLog log{};
  Result<Answer> result{};
  RateLimitInfo rate_limits{};
  Duration queued{};      // waiting for a connection and for parse
  Duration parse{};       // inflate and parse
  std::string encoded{};  // as received from a worker process, to be forwarded; usually empty

  friend bool operator==(const TaskResult&, const TaskResult&) = default;
};

// The value of `run_users.outcome`.
std::string_view name_of(Outcome outcome);

// The result of one user, for the store.
struct Listing {
  std::string login{};             // as in the job; empty: requests that belong to no user
  int resource = kRepositoriesId;  // what was listed, see Resource::id
  SubjectHandle subject{};
  Outcome outcome = Outcome::ok;
  std::string error{};                    // one line; empty unless it failed or is incomplete
  std::optional<std::int64_t> account{};  // the account that the login belonged to until now
  bool moved = false;                     // the response came from the address of another login
  int per_page = 0;                       // the page size that works; 0: that of the job
  WallTime settled_at{};                  // also the time of all rows
  // In order: all pages if ok or unchanged; the pages that were read if `incomplete`; else none.
  std::vector<Page> pages{};
  std::vector<RequestLog> request_logs{};
  Duration queued{};  // sums over the tasks of the user
  Duration fetch{};
  Duration parse{};
  Time handed_over{};              // when it left the planner
  std::string incomplete{};        // why `pages` may lack records; empty: the list is complete
  bool is_second_reading = false;  // see Stored::must_reread
  bool came_empty = false;  // the API listed nothing, although repositories are known or announced
  std::optional<std::int64_t> proven_gone{};  // an account that does not exist any more, by its id
  std::optional<Account> renamed_account{};   // that had the login, with its current login
  bool had_trouble = false;  // an attempt failed in a way that a smaller page may avoid
};

// The result of storing a listing.  Only the store knows the rows, so its outcome may be `renamed`
// where the listing has `ok`.
struct Stored {
  std::string login{};
  Outcome outcome = Outcome::ok;
  std::uint64_t records = 0;
  // A list of several pages lacks known repositories.  Records can move between requests, so read
  // it once more in this run.
  bool must_reread = false;
  // If the records are accounts: the logins of those stored now, by id.
  std::vector<std::string> accounts{};
  // Why the list was refused: too many records vanished; empty: it was accepted.
  std::string refused{};
};

}  // namespace repopipe
