// What can go wrong in the world, as a value.  Every layer returns it; one table (failure.cc) says
// what becomes of each kind, and only the program's `main` turns it into an exit code.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/core/exit_code.h"

namespace repopipe {

enum class FailureKind {
  transport,          // no complete reply: refused, reset, unresolved, cut short
  timeout,            // the exchange took longer than `fetch.timeout`
  server_error,       // HTTP 5xx
  malformed,          // a reply that is not what the API documents
  too_large,          // a body above `fetch.max_body`
  not_found,          // HTTP 404: no such account, or not visible
  blocked,            // the API refuses this account for good
  unexpected_status,  // any other HTTP status
  cancelled,          // given up because the run is stopping; the next run takes it up again
  unreachable,        // no exchange of this run ever reached the API
  job,                // the job file is wrong
  usage,              // the command line is wrong
  no_token,           // no valid token is left
  output,             // the database cannot be opened or made
  database,           // the database fails while in use; disk full included
  overlap,            // another run holds the database
  internal,           // a defect of this program
};

enum class Fate { retry, fail_user, end_run };

// The row of the policy table for one kind.
struct FailurePolicy {
  FailureKind kind;
  std::string_view name;
  Fate fate;
  ExitCode exit_code;  // when it ends the run; of no meaning otherwise
};

const FailurePolicy& policy_of(FailureKind kind);

// A kind and one line for people.  The line names the place outermost first and holds no secret:
// "octocat page 2: HTTP 502".
struct Failure {
  FailureKind kind = FailureKind::internal;
  std::string message;

  // The same failure, seen from one layer further out.
  Failure within(std::string_view noun) const;

  friend bool operator==(const Failure&, const Failure&) = default;
};

}  // namespace repopipe
