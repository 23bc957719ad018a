// Errors as values: the kinds of failure and their policy table, the exit codes, and Result.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace repopipe {

// Exit codes of the program (sysexits.h where it has one).  docs/commands.md lists them.

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

// Kinds of runtime errors.  Every layer returns them.  One table (failure.cc) has the policy for
// each kind.  Only `main` turns a kind into an exit code.

enum class FailureKind {
  connect,            // no connection: name not resolved, refused, no route
  transport,          // the connection broke, or the response is truncated
  timeout,            // the request took longer than `fetch.timeout`
  server_error,       // HTTP 5xx
  malformed,          // the response is not one of the API: an outage page, a truncated document
  incomplete_list,    // a list or a page lacks records that are known or announced
  bad_record,         // a valid document with invalid rows or links
  too_large,          // a body above `fetch.max_body`
  not_found,          // HTTP 404: the account does not exist or is not visible
  hidden,             // the account exists, but its list is not visible to this token
  blocked,            // the API permanently refuses this account
  unauthorized,       // HTTP 401 without a reason; may be spurious
  bad_token,          // HTTP 401: the token is invalid
  rate_limited,       // the principal's quota is used up
  throttled,          // a secondary rate limit
  unexpected_status,  // any other HTTP status
  cancelled,          // cancelled because the run stops; the next run repeats it
  worker_lost,        // the worker was lost; the task is not the cause
  worker_crashed,     // the worker crashed; the task may be the cause
  queue,              // the queue is unusable, or no worker is on it
  unreachable,        // the API is unreachable, at the start or for too long
  proxy_login,        // HTTP 407: the proxy rejects the login; retries could lock the account
  retired,            // the requested version of the API is no longer served
  limit,              // a rate limit requires a longer wait than the job allows
  job,                // invalid job file
  usage,              // invalid command line
  no_token,           // no valid token is left
  output,             // the database cannot be opened or created
  database,           // the database failed during use
  disk,               // the disk of the database is full or defective
  damaged,            // the database is corrupt, or lacks a table
  displaced,          // another program removed, replaced or overwrote the database during the run
  overlap,            // another run holds the database
  machine_limit,      // out of open files, threads, stack or memory
  internal,           // a defect of this program
};

enum class RetryRule {
  retry,        // after a backoff, up to `fetch.attempts`
  recheck,      // once, later in the run
  retry_token,  // once, after a backoff; then the token is disabled
  wait,         // when the cooldown is over; counts no attempt
  resend,       // at once; counts no attempt, but see CountsAs
  disable,      // the token is no longer used; its tasks go to other tokens
  fail_user,
  end_run,
};

// The outcome of a subject, stored in `run_users.outcome`.  `abandoned` is not stored: the run
// ended before the subject was complete, and the next run repeats it.
enum class Outcome { ok, unchanged, not_found, renamed, blocked, failed, abandoned };

// Which requests pause after a failure.
enum class CoolsDown {
  none,
  quota,    // those of the token's account, for this quota
  all,      // all: a secondary rate limit
  network,  // all, if requests of other subjects fail too: an outage
  queue,    // all, until the queue is usable
};

// Whether the request was sent.
enum class Exchanged {
  no,          // not sent: there is nothing to log
  unanswered,  // no connection could be established
  perhaps,     // the API may have received it
};

// Whether a smaller request may succeed: the server terminates requests that take more than 10
// seconds (GitHub docs, "Troubleshooting the REST API").
enum class AskForLess {
  no,
  yes,
  of_gateway,  // if the status is 502 or 504
  of_cut,      // if a part of the response was received
};

enum class CountsAs {
  nothing,
  attempt,  // of at most `fetch.attempts`
  loss,     // of a worker; the task is not the cause
  crash,    // of a worker; the task may be the cause
};

// Whether the cause may lie between worker and API: network, proxy, firewall.
enum class WayToBlame {
  no,         // the API responded, or no request was sent
  yes,        // no connection, or the proxy rejected the login
  perhaps,    // one failure does not prove it
  by_status,  // `perhaps` without a status or with one of 500 and above, else `no`
};

// A row of the policy table: one column per decision.  Code reads these columns and does not
// compare kinds.
struct FailurePolicy {
  FailureKind kind;
  std::string_view name;
  RetryRule rule;
  ExitCode exit_code;                 // if it ends the run; otherwise unused
  Outcome outcome = Outcome::failed;  // of a subject that fails with it
  CoolsDown cooldown = CoolsDown::none;
  Exchanged exchanged = Exchanged::perhaps;
  AskForLess ask_for_less = AskForLess::no;
  CountsAs counts_as = CountsAs::nothing;
  WayToBlame way = WayToBlame::no;
  bool overload = false;          // the server may be overloaded: reduce concurrency
  bool stale_connection = false;  // the connection may be dead: the next attempt uses a new one
  bool keeps_pages = false;       // pages that were read are stored although the subject fails
  bool not_of_api = false;        // the response is not one of the API
  bool of_machine = false;  // caused by this machine or its disk: the same file may be usable later
};

const FailurePolicy& policy_of(FailureKind kind);

// What the user can do about a full or defective disk, and about a damaged database.
inline constexpr std::string_view kRemedyOfDisk =
    "free space on the disk of the database, or repair it; the next run continues where this one "
    "stopped";
inline constexpr std::string_view kRemedyOfDamage =
    "the database is damaged, or another program has changed it: restore a copy of it, or move it "
    "away and save what can be read: sqlite3 FILE .recover | sqlite3 NEW";

// The remedy of a failed database; empty: the message says it.
std::string_view remedy_of(FailureKind kind);

// The first kind in the table with this exit code; `internal` if there is none.
FailureKind failure_kind_of(ExitCode exit_code);

// A kind and a message of one line for users, without secrets.  The message names the outermost
// place first: "octocat page 2: HTTP 502".
struct Failure {
  FailureKind kind = FailureKind::internal;
  std::string message;

  // The same failure with the noun of the calling layer in front.
  Failure within(std::string_view noun) const;

  friend bool operator==(const Failure&, const Failure&) = default;
};

inline bool ends_run(const Failure& failure) {
  return policy_of(failure.kind).rule == RetryRule::end_run;
}

// The message, followed by the remedy of its kind if there is one.
std::string with_remedy(const Failure& failure);

// A value or a Failure; the return type of every function that can fail.

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

// For functions without a result that can fail.
using Status = Result<void>;

inline tl::unexpected<Failure> fail(FailureKind kind, std::string message) {
  return tl::unexpected<Failure>(Failure{kind, std::move(message)});
}

inline tl::unexpected<Failure> fail(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}

}  // namespace repopipe
