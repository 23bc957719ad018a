// What planner, parse and store say to each other about one user.
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

// One HTTP exchange as the table `requests` keeps it.
struct RequestLog {
  int page = 1;  // 0: not of a page
  int attempt = 1;
  int status = 0;  // 0: no response came
  std::uint64_t bytes = 0;
  std::string http_version{};
  Timing timing{};
  std::string outcome = "ok";  // or unchanged, moved, or the name of the failure's kind
  std::string error{};         // one line; empty when ok

  friend bool operator==(const RequestLog&, const RequestLog&) = default;
};

// Of a page that was read: how to ask next time whether it is still the same.
struct Validator {
  std::string principal{};  // whose, see Principal::identity
  std::string etag{};       // empty: the page has none, and is read again next time
  std::string target{};
  std::string next{};  // the target of the page behind it; empty: it is the last one

  friend bool operator==(const Validator&, const Validator&) = default;
};

enum class PageState {
  read,
  not_modified,  // unchanged: its rows stay as the database has them
};

struct Page {
  int number = 1;
  PageState state = PageState::read;
  RecordBatch rows{Fields{}};  // none when it is kept
  int skipped = 0;             // `null` elements
  std::uint64_t not_modified_repos = 0;
  std::uint64_t digest = 0;  // of the records' ids in their order; 0: there are none
  Validator validator{};     // of a page that was read
  // Of the records that were skipped because they cannot be read:
  std::vector<std::int64_t> skipped_ids{};  // their ids, where these can be read
  int unnamed_skips = 0;    // how many have no readable id, or are counted by the API and not shown
  std::string skip_note{};  // one line about the first; empty: none was skipped
  // Of the records that a transform removed: they are on the list, and are not stored.
  std::vector<std::int64_t> dropped_ids{};
  std::string partial{};  // why the API says that the list is partial; empty: it does not

  friend bool operator==(const Page&, const Page&) = default;
};

// What parse made of a response, unless it is a failure.
struct PageRead {  // a page, and what to ask for next
  Page page;
  std::vector<Request> follow_ups{};
  std::optional<std::uint64_t> total{};  // records of the whole list, also of hidden ones, if told

  friend bool operator==(const PageRead&, const PageRead&) = default;
};
struct Redirect {  // ask there instead
  std::string target;

  friend bool operator==(const Redirect&, const Redirect&) = default;
};
struct Account {  // the answer to RequestKind::account and owner
  std::int64_t id = 0;
  std::string login{};

  friend bool operator==(const Account&, const Account&) = default;
};
using Answer = std::variant<PageRead, Redirect, Account>;

// A principal's hourly budget, as the headers of a response tell it.
struct Quota {
  std::uint64_t limit = 0;
  std::uint64_t remaining = 0;
  std::int64_t window = 0;  // when it ends, in seconds since 1970: which window this is
  Duration resets_in{};     // by the server's own clock where it tells the time; never negative

  friend bool operator==(const Quota&, const Quota&) = default;
};

// What a response tells of limits and tokens, whatever else it is.
struct RateLimitInfo {
  std::optional<Quota> quota{};
  std::optional<Duration> wait{};           // asked for, of a response that refuses; never negative
  std::optional<Duration> token_ends_in{};  // until the token expires; negative: it has
  std::string note{};                       // a remark to say once a run

  friend bool operator==(const RateLimitInfo&, const RateLimitInfo&) = default;
};

// The result of a task.
struct TaskResult {
  Task task{};
  RequestLog log{};
  Result<Answer> result{};
  RateLimitInfo rate_limits{};
  Duration queued{};      // waiting for a connection, and for parse
  Duration parse{};       // inflating and parsing
  std::string encoded{};  // as it came from a worker process, for who passes it on; mostly empty

  friend bool operator==(const TaskResult&, const TaskResult&) = default;
};

// The word that `run_users.outcome` holds.
std::string_view name_of(Outcome outcome);

// One user on the way to the store.
struct Listing {
  std::string login{};  // as the job spells it; empty: exchanges that belong to no user
  int resource = 1;     // what was listed of it, see Resource::id
  Outcome outcome = Outcome::ok;
  std::string error{};                    // one line; empty unless it failed or is incomplete
  std::optional<std::int64_t> account{};  // the number that the login led to until now
  bool moved = false;                     // the answer came from another login's address
  int per_page = 0;                       // the page size that works; 0: the job's
  WallTime settled_at{};                  // also what the rows' times become
  // In order: every page when ok or unchanged; those that were read when `incomplete`; else none.
  std::vector<Page> pages{};
  std::vector<RequestLog> request_logs{};
  Duration queued{};  // sums over the user's tasks
  Duration fetch{};
  Duration parse{};
  Time handed_over{};              // when it left the planner
  std::string incomplete{};        // why `pages` may lack something; empty: they are the whole list
  bool is_second_reading = false;  // see Stored::must_reread
  bool came_empty = false;  // the API listed nothing, though repositories are known or announced
  std::optional<std::int64_t> proven_gone{};  // an account of which the API says: it is no more
  std::optional<Account> renamed_account{};   // the account that had the login, and its login now
  bool had_trouble = false;  // some attempt failed in a way that a smaller page may help against
};

// The store's answer: the user is wholly in the database.  It alone knows the rows, so the outcome
// may be `renamed` where the listing said `ok`.
struct Stored {
  std::string login{};
  Outcome outcome = Outcome::ok;
  std::uint64_t repos = 0;
  // A list of several pages lacks known repositories, and records move between requests: read it
  // once more in this run.
  bool must_reread = false;
  // Of a resource whose records are accounts: the logins of those that the database has now, by id.
  std::vector<std::string> accounts{};
  // Why the list was not believed: more records vanished than may; empty: it was.
  std::string refused{};
};

}  // namespace repopipe
