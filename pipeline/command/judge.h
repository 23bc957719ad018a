// What a run that came to its end is worth, by what the database says of it.
#pragma once

#include <string>

#include "pipeline/job/job.h"
#include "pipeline/model/run.h"
#include "storage/store/vanished.h"

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

}  // namespace repopipe
