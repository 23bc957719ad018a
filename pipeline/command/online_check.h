// Judges a finished run by its totals; checks tokens with the API.
#pragma once

#include <string>
#include <vector>

#include "pipeline/command/commands.h"
#include "pipeline/job/job.h"
#include "pipeline/job/load.h"
#include "pipeline/model/run.h"
#include "storage/store/missing_repos.h"

namespace repopipe {
// Other inputs of the judgement.
struct Judged {
  std::string job_file;     // as on the command line
  std::string first_error;  // of the users without a list; empty: all have one
};

// Returns what may be marked as gone.  Sets `end` to incomplete, with the reason, if too many
// records are missing, if users that were listed before are refused now, or if no user was listed.
// If the run did not finish, `end` stays and nothing is marked.
Marks judge(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end);

// Requests the state of each token of a job, for `repopipe check --online`.

// The state of one token, or of anonymous requests.  Text is empty if the API does not send it.
struct TokenStanding {
  std::string name;  // with at most the last four characters of the token
  std::string owner;
  std::string limit, remaining;  // of the hourly quota
  std::string expires;
  std::string scopes;
  std::string trouble;  // why the token cannot be used; empty: it can
};

// The lines of a table, without `trouble`.
std::string to_table(const std::vector<TokenStanding>& standings);

// Prints the table to stdout and errors to stderr.  Sends one or two requests per token, which
// count against its quota.  Returns 77 if a token is refused, 69 if the API cannot be reached.
ExitCode check_online(const LoadedJob& loaded, const ProcessContext& around);

}  // namespace repopipe
