// A run and its result: status, totals, shard, and the guard against mass vanishing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// A share of the users of a job, `--shard 2/3`.  The shard of a user depends only on the login and
// never changes; docs/sharding.md has the rule.

struct Shard {
  static constexpr std::uint32_t kMost = 1000;

  std::uint32_t number = 1;  // from 1 to `count`
  std::uint32_t count = 1;   // 1: all users

  bool is_whole() const { return count == 1; }
  // A login in any case belongs to exactly one of `count` shards.
  bool holds(std::string_view login) const;
  // "2/3", as on the command line and in `runs.shard`.
  std::string name() const;

  friend bool operator==(const Shard&, const Shard&) = default;
};

// Nothing unless `text` is i/n with 1 <= i <= n <= 1000.
std::optional<Shard> parse_shard(std::string_view text);

// If too many known records vanish in one run, an error is more likely: a token with fewer
// permissions, an API that is partly down, a wrong address.

// Known accounts or repositories, and those of them that a run misses.
struct Vanishing {
  std::string_view noun;  // "users"
  std::uint64_t known = 0;
  std::uint64_t missing = 0;
};

// Why the missing ones must not be marked as gone; nothing: they may be.  `most` is the allowed
// share; 1 allows all.  Fewer than 20 may always vanish, unless none is left.
std::optional<std::string> too_many_vanished(const Vanishing& vanishing, double most);

// A run, as stored in `runs` and shown in reports.

// `limited`: a rate limit requires a longer wait than the job allows.
enum class RunStatus { running, complete, incomplete, interrupted, deadline, limited, failed };

// The value of `runs.status`.
std::string_view name_of(RunStatus status);

// Why nothing is sent while no work is in progress.
enum class WaitCause {
  quota,          // that of the token
  secondary,      // the API asks all clients to pause
  pace,           // limits.requests_per_minute, which no response reports
  response_time,  // limits.response_seconds_per_minute
  network,        // an outage
  queue,          // it cannot be used, or has no workers
  retry           // a failed request, or a second look, is not due yet
};
constexpr std::size_t kWaitCauses = 7;

// The value of `run_waits.cause`.
std::string_view name_of(WaitCause cause);

struct Waited {
  Duration time{};
  std::uint64_t times = 0;

  friend bool operator==(const Waited&, const Waited&) = default;
};

// The parts of the wall time.  Every moment belongs to exactly one of the first five.
struct RunTimes {
  Duration starting{};                      // before the first request
  Duration fetching{};                      // at least one page requested and not yet parsed
  Duration processing{};                    // no page requested, but users are being stored
  Duration waiting{};                       // nothing in progress, see WaitCause
  Duration finishing{};                     // after the last user
  Duration fetch_busy{};                    // sums over all tasks: requests,
  Duration parse_busy{};                    // inflate and parse,
  Duration store_busy{};                    // the writer,
  Duration plan_busy{};                     // the planner
  std::array<Waited, kWaitCauses> waits{};  // by cause; together they are `waiting`

  Duration wall() const { return starting + fetching + processing + waiting + finishing; }
  // Takes the sums over all tasks from `other`.
  void take_busy(const RunTimes& other);
};

// Totals of a run, from the database.
struct RunTotals {
  std::uint64_t ok = 0, unchanged = 0, not_found = 0, renamed = 0, blocked = 0, failed = 0;
  std::uint64_t repos_seen = 0, repos_new = 0, repos_changed = 0, repos_gone = 0;
  std::uint64_t requests = 0, bytes = 0;
  std::uint64_t not_modified = 0;  // requests with the response 304
  // Users whose account was known before the run and not gone, and those of them that vanished.
  std::uint64_t known = 0, vanished = 0;
  // The same for repositories; those in `missing_repos` are not marked yet.
  std::uint64_t known_repos = 0, missing_repos = 0;
  // Users that are blocked now, were listed before, and were not blocked in the last finished run.
  std::uint64_t blocked_new = 0;
  // Lists that bring users, such as the members of an organisation; and those that were not had.
  std::uint64_t lists = 0, lists_failed = 0, lists_not_found = 0;

  std::uint64_t users() const { return ok + unchanged + not_found + renamed + blocked + failed; }
};

// Old rows that were removed from a database.
struct RemovedRows {
  std::uint64_t requests = 0;  // of `requests`
  std::uint64_t users = 0;     // of `run_users` and `run_listings`
  bool is_first = false;       // no rows of the database were removed before
  bool is_all = true;          // no old rows are left

  friend bool operator==(const RemovedRows&, const RemovedRows&) = default;
};

struct FailedUser {
  std::string login;  // or that of a list
  std::string error;  // one line, with the login in front

  friend bool operator==(const FailedUser&, const FailedUser&) = default;
};

// Messages during a run.
enum class Severity { remark, warning };

// What a message is about: the name of the event in the log file.
enum class NoticeEvent {
  remark,           // none of the others; not in the log file's list of events
  waiting,          // the run waits until `goes_on`
  token_disabled,   // a token is not used any more
  token_expires,    // a token expires soon, or has expired
  worker_replaced,  // a worker process or a worker of the queue was lost
};

struct Notice {  // a line for the operators
  Severity weight = Severity::remark;
  std::string text{};
  std::optional<Time> goes_on{};     // when the run continues, if it waits
  bool is_again = false;             // a repeated message, for the progress line only
  std::optional<Duration> lasted{};  // duration of an outage; `goes_on` is the next probe
  NoticeEvent event = NoticeEvent::remark;
  std::optional<WaitCause> cause{};  // what the run waits for
};

// Why a run ended.  pipeline/report/ends.h has the table of their exit codes, words and remedies.
enum class StopReason {
  complete,
  usage,           // the command line is wrong
  users_failed,    // more users failed than run.fail_ratio allows
  nobody_listed,   // no user was listed
  list_failed,     // a list of accounts was not read
  users_vanished,  // more users or repositories vanished than run.max_vanished allows
  unreachable,
  queue,
  proxy_login,
  retired,
  internal,
  machine_limit,
  cannot_create,
  disk,
  damaged,
  displaced,
  database,
  overlap,   // another run holds the database
  deadline,  // run.deadline
  limited,   // a rate limit requires a longer wait than run.max_wait
  no_token,
  bad_job,
  interrupted,
  terminated,
};

// What the API last told about a token.
struct TokenState {
  std::string token{};  // its reference in the job file; without a token, kAnonymous
  std::optional<std::uint64_t> quota_limit{};
  std::optional<std::uint64_t> remaining{};
  std::optional<std::int64_t> resets_at{};  // in seconds since 1970
  std::optional<Time> ends_at{};            // by the plan's clock
  std::optional<WallTime> expires_at{};     // the same by the calendar

  friend bool operator==(const TokenState&, const TokenState&) = default;
};

// What the plan knows while a run goes on.
struct RunProgress {
  struct Waiting {
    WaitCause cause = WaitCause::retry;
    std::string words{};  // "the quota of env:TOKEN is used up"
    std::optional<Time> until{};
    std::optional<WallTime> continues_at{};  // the same by the calendar
  };
  std::uint64_t requests = 0;      // responses and failures of this part of the run
  std::uint64_t retries = 0;       // of those
  std::uint64_t not_modified = 0;  // of those
  std::uint64_t bytes = 0;
  std::size_t in_flight = 0;  // tasks, including those that wait for a connection
  std::vector<TokenState> tokens{};
  std::optional<Waiting> waiting{};  // nothing is in progress
};

struct RunEnd {
  RunStatus status = RunStatus::failed;
  ExitCode exit_code = ExitCode::internal;
  std::string error{};  // one line; empty: none
  RunTimes times{};
  std::vector<TokenState> tokens{};
  // The failure that ended the run early.  It selects the remedy if the exit code is ambiguous.
  std::optional<FailureKind> cause{};
  // Set where exit code and cause are ambiguous.
  std::optional<StopReason> reason{};
};

}  // namespace repopipe
