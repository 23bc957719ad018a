// The ways in which a run ends: exit code, word and remedy of each, and the first lines that say
// it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/run.h"

namespace repopipe {

struct EndRow {
  StopReason reason;
  std::string_view name;  // as in docs/troubleshooting.md
  ExitCode exit_code;
  std::string_view word;     // of a run that had started
  std::string_view meaning;  // for the documentation
  std::string_view action;  // what to do; {base_url}, {queue} and {job} stand for values of the job
};

// One row per exit code and reason, in the order of StopReason.
std::span<const EndRow> end_rows();

// `end.reason` if it is set; else by the cause, else by the exit code.
const EndRow& row_of(const RunEnd& end);

// What the action of a row names.
struct EndNames {
  std::string_view job_file;
  std::string_view base_url;
  std::string_view queue;
};

std::string action_of(const EndRow& row, const EndNames& names);

// "nightly: failed (69): the API cannot be reached: ..." without a newline.  `began`: the run has a
// row in the database.
std::string first_line(std::string_view job, const RunEnd& end, bool began);

}  // namespace repopipe
