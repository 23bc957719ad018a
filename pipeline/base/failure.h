// What went wrong, what becomes of it, and how a function tells: the table of failure kinds, the
// exit codes, and Result.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace repopipe {

// The exit codes of the program, in the sysexits family.  One table; `--help` and the README show
// it.

enum class ExitCode {
  complete = 0,
  usage = 64,
  incomplete = 65,
  unreachable = 69,
  internal = 70,
  machine_limit = 71,
  cannot_create = 73,
  database = 74,
  try_later = 75,
  no_token = 77,
  bad_job = 78,
  interrupted = 130,
  terminated = 143,
};

struct ExitCodeMeaning {
  ExitCode code;
  std::string_view meaning;
};

std::span<const ExitCodeMeaning> exit_codes();

// What can go wrong in the world, as a value.  Every layer returns it; one table (failure.cc) says
// what becomes of each kind, and only the program's `main` turns it into an exit code.

enum class FailureKind {
  connect,       // no connection: unresolved, refused, no route
  transport,     // the connection broke, or the response is cut short
  timeout,       // the exchange took longer than `fetch.timeout`
  server_error,  // HTTP 5xx
  malformed,     // a response that is not what the API documents: an outage page, half a document
  incomplete_list,    // a list, or a page of it, that lacks what is known or announced
  bad_record,         // a document of the right form whose rows or links cannot be right
  too_large,          // a body above `fetch.max_body`
  not_found,          // HTTP 404: no such account, or not visible
  hidden,             // the account exists, but this token cannot see its list
  blocked,            // the API refuses this account for good
  unauthorized,       // HTTP 401 without a reason; sometimes spurious
  bad_token,          // HTTP 401: the token is not valid
  rate_limited,       // the principal's quota is used up
  throttled,          // a secondary limit: too much at once
  unexpected_status,  // any other HTTP status
  cancelled,          // given up because the run is stopping; the next run takes it up again
  worker_lost,        // the worker that had it is gone, for a reason of its own
  worker_crashed,     // the worker that had it crashed, perhaps over it
  queue,              // the queue cannot be used, or nobody takes anything from it
  unreachable,        // the API cannot be reached, at the start or for too long
  proxy_login,        // HTTP 407: the proxy refuses the login; accounts are locked for trying on
  retired,            // the version of the API that is asked for is no longer served
  limit,              // a limit asks for a longer wait than the job allows
  job,                // the job file is wrong
  usage,              // the command line is wrong
  no_token,           // no valid token is left
  output,             // the database cannot be opened or made
  database,           // the database fails while in use
  disk,               // so does its disk: full, or broken
  damaged,            // what is in the database cannot be read, or lacks a table
  displaced,          // another program removed, replaced or overwrote the database meanwhile
  overlap,            // another run holds the database
  machine_limit,      // a limit of this machine: open files, threads, stack or memory
  internal,           // a defect of this program
};

enum class RetryRule {
  retry,        // again after a backoff, up to `fetch.attempts`
  recheck,      // again later in the run, once
  retry_token,  // again after a backoff, once; then the token is disabled
  wait,         // again as soon as the cooldown is over; no attempt is counted
  resend,       // again at once; no attempt is counted, but see CountsAs
  disable,      // the token is not used any more; what it was asked for goes to another
  fail_user,
  end_run,
};

// How a subject ends, in `run_users.outcome`.  `abandoned` subjects are not in that table: the run
// stopped before they were complete, and the next one takes them up.
enum class Outcome { ok, unchanged, not_found, renamed, blocked, failed, abandoned };

// What has to pause after a failure.
enum class CoolsDown {
  none,
  quota,    // the account of the token, for this quota
  all,      // every request: a secondary rate limit
  network,  // every request, if those of other subjects fail as well: an outage
  queue,    // every request, until the queue can be used
};

// How far the request came.
enum class Exchanged {
  no,          // it was not sent: there is no exchange to log
  unanswered,  // it was tried, and there was no connection to send it by
  perhaps,     // it may have reached the API
};

// Whether a smaller request may succeed: the server cuts one that takes it too long (GitHub docs,
// "Troubleshooting the REST API": requests of more than 10 seconds are terminated).
enum class AskForLess {
  no,
  yes,
  of_gateway,  // if the status is 502 or 504
  of_cut,      // if a response had begun
};

enum class CountsAs {
  nothing,
  attempt,  // up to `fetch.attempts`
  loss,     // of a worker, for a reason of its own
  crash,    // of a worker, perhaps over the task
};

// Whether what is between a worker and the API may be to blame: its network, a proxy, a firewall.
enum class WayToBlame {
  no,         // the API has answered, or it was not asked
  yes,        // no connection, or a proxy that refuses the login
  perhaps,    // one failure alone does not tell
  by_status,  // perhaps, if there is no status or one of 500 and above
};

// The row of the policy table for one kind: a column for each question that code asks of it.
struct FailurePolicy {
  FailureKind kind;
  std::string_view name;
  RetryRule rule;
  ExitCode exit_code;                 // when it ends the run; of no meaning otherwise
  Outcome outcome = Outcome::failed;  // of a subject that fails by it
  CoolsDown cooldown = CoolsDown::none;
  Exchanged exchanged = Exchanged::perhaps;
  AskForLess ask_for_less = AskForLess::no;
  CountsAs counts_as = CountsAs::nothing;
  WayToBlame way = WayToBlame::no;
  bool overload = false;          // the server may have too much to do: fewer requests at a time
  bool stale_connection = false;  // the connection may be dead: the next try takes a new one
  bool keeps_pages = false;       // the pages that came are stored, though the subject fails
  bool not_of_api = false;        // the response is not what the API documents
  bool of_machine = false;        // of this machine or its disk: the same file may work later
};

const FailurePolicy& policy_of(FailureKind kind);

// What to do about a database that fails so, before a run and in it; empty: the message tells.
std::string_view remedy_of(FailureKind kind);

// The first kind of the table that ends a program with that code; none does: `internal`.
FailureKind failure_kind_of(ExitCode exit_code);

// A kind and one line for people.  The line names the place outermost first and holds no secret:
// "octocat page 2: HTTP 502".
struct Failure {
  FailureKind kind = FailureKind::internal;
  std::string message;

  // The same failure, seen from one layer further out.
  Failure within(std::string_view noun) const;

  friend bool operator==(const Failure&, const Failure&) = default;
};

inline bool ends_run(const Failure& failure) {
  return policy_of(failure.kind).rule == RetryRule::end_run;
}

// The message, and what to do if that is known by the kind alone.
std::string with_remedy(const Failure& failure);

// A value or a Failure: what every fallible function returns.  It cannot be ignored.

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Failure> {
 public:
  using tl::expected<T, Failure>::expected;

  friend bool operator==(const Result& left, const Result& right) {
    if (!left || !right) return !left && !right && left.error() == right.error();
    if constexpr (std::is_void_v<T>) {
      return true;
    } else {
      return *left == *right;
    }
  }
};

// For functions that have nothing to return but may fail.
using Status = Result<void>;

inline tl::unexpected<Failure> fail(FailureKind kind, std::string message) {
  return tl::unexpected<Failure>(Failure{kind, std::move(message)});
}

inline tl::unexpected<Failure> fail(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}

}  // namespace repopipe
