// A run and its end: status, totals, shard, and what may vanish in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// A share of a job's users, for several machines that know nothing of each other: `--shard 2/3`.
// Who belongs to which shard follows from the login alone, for ever; docs/sharding.md tells how.

struct Shard {
  static constexpr std::uint32_t kMost = 1000;

  std::uint32_t number = 1;  // from 1 to `count`
  std::uint32_t count = 1;   // 1: everybody

  bool is_whole() const { return count == 1; }
  // A login in any spelling belongs to exactly one of `count` shards.
  bool holds(std::string_view login) const;
  // "2/3", as the command line and `runs.shard` have it.
  std::string name() const;

  friend bool operator==(const Shard&, const Shard&) = default;
};

// Nothing unless `text` is i/n with 1 <= i <= n <= 1000.
std::optional<Shard> parse_shard(std::string_view text);

// When so many known users or repositories are gone after one run, a mistake is likelier than the
// truth: a token that sees less, an API that is half down, an address that leads elsewhere.

// Accounts or repositories that were known before a run, and those of them that it misses.
struct Vanishing {
  std::string_view noun;  // "users"
  std::uint64_t known = 0;
  std::uint64_t missing = 0;
};

// Why none of the missing should be marked as gone; nothing: they may be.  `most` is the share of
// the known that may vanish.  Fewer than 20 always may unless none is left, and if it is 1, all.
std::optional<std::string> too_many_vanished(const Vanishing& vanishing, double most);

// A run as the run table keeps it and the reports tell it.

// `limited`: a limit asks for a longer wait than the job allows.
enum class RunStatus { running, complete, incomplete, interrupted, deadline, limited, failed };

// The word that `runs.status` holds.
std::string_view name_of(RunStatus status);

// Where the wall time of a run went: every moment belongs to exactly one of the first five.
struct RunTimes {
  Duration starting{};    // before the first request
  Duration fetching{};    // at least one page asked for, and not yet parsed
  Duration processing{};  // none asked for, but users on their way into the database
  Duration waiting{};     // nothing under way: pausing before a retry
  Duration finishing{};   // after the last user
  Duration fetch_busy{};  // sums over all tasks: of exchanges,
  Duration parse_busy{};  // of inflating and parsing,
  Duration store_busy{};  // of the writer,
  Duration plan_busy{};   // and of the planner

  Duration wall() const { return starting + fetching + processing + waiting + finishing; }
};

// What the database says of one run, sums over its users.
struct RunTotals {
  std::uint64_t ok = 0, unchanged = 0, not_found = 0, renamed = 0, blocked = 0, failed = 0;
  std::uint64_t repos_seen = 0, repos_new = 0, repos_changed = 0, repos_gone = 0;
  std::uint64_t requests = 0, bytes = 0;
  std::uint64_t not_modified = 0;  // requests whose answer was HTTP 304
  // Users whose account was known before the run and not gone; and those of them that are lost now.
  std::uint64_t known = 0, vanished = 0;
  // The same of repositories; those in `missing_repos` are not marked yet.
  std::uint64_t known_repos = 0, missing_repos = 0;
  // Users that are blocked, were listed before, and were not blocked in the last finished run.
  std::uint64_t blocked_new = 0;

  std::uint64_t users() const { return ok + unchanged + not_found + renamed + blocked + failed; }
};

struct FailedUser {
  std::string login;
  std::string error;  // one line, with the login in front

  friend bool operator==(const FailedUser&, const FailedUser&) = default;
};

// What a run says while it goes on.
enum class Severity { remark, warning };

struct Notice {  // a line for the people who operate the job
  Severity weight = Severity::remark;
  std::string text{};
  std::optional<Time> goes_on{};     // when the run will go on, if it is waiting
  bool is_again = false;             // said before: for a display only
  std::optional<Duration> lasted{};  // how long an outage has lasted; `goes_on`: the next probe
};

struct RunEnd {
  RunStatus status = RunStatus::failed;
  ExitCode exit_code = ExitCode::internal;
  std::string error{};  // one line; empty when there is nothing to say
  RunTimes times{};
  // Of the failure that ended it early.  Tells what to do where the exit code leaves it open.
  std::optional<FailureKind> cause{};
};

}  // namespace repopipe
