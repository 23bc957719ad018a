// What a run that came to its end is worth, by what the database says of it.
#pragma once

#include <string>
#include <vector>

#include "pipeline/command/commands.h"
#include "pipeline/job/job.h"
#include "pipeline/job/load.h"
#include "pipeline/model/run.h"
#include "storage/store/missing_repos.h"

namespace repopipe {
// What is judged besides `totals`.
struct Judged {
  std::string job_file;     // as the command line names it
  std::string first_error;  // of the users without a list; empty: none has one
};

// What may be marked as gone.  Makes the run incomplete, with the reason, if too many are missing,
// if users that were listed before are refused now, or if nobody was listed.  A run that did not
// come to its end stays as it ended, and marks nothing.
Marks judge(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end);

// Asks the API about each token of a job, for `repopipe check --online`.

// One token, or the requests without one, as the API sees it.  What it does not tell is empty.
struct TokenStanding {
  std::string name;  // with at most the token's last four characters
  std::string owner;
  std::string limit, remaining;  // of the hour
  std::string expires;
  std::string scopes;
  std::string trouble;  // why it is of no use; empty: it is
};

// Lines of a table, each ended; the column `trouble` is not part of it.
std::string to_table(const std::vector<TokenStanding>& standings);

// Prints the table on stdout and troubles on stderr.  Sends one or two requests for each token,
// which count in its quota.  77: a token is refused; 69: the API cannot be reached.
ExitCode check_online(const LoadedJob& loaded, const ProcessContext& around);

}  // namespace repopipe
