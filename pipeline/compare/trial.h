// Measures one run of a job.  CancelToken: passes Ctrl-C from the thread that watches signals to
// the one that waits for a child.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/compare/way.h"
#include "storage/query/run_cost.h"

namespace repopipe {
// Threading: any.
class CancelToken {
 public:
  CancelToken();

  void tell(int signal);
  // 0: none.
  int signal() const { return signal_; }
  // Readable after a signal.
  int handle() const { return handle_.number(); }

 private:
  std::atomic<int> signal_{0};
  Descriptor handle_;  // an eventfd
};

// The selection and order of trials.

// A way and a concurrency: a row of the comparison.
struct Trial {
  Way way = Way::sequential;
  Setting setting{};

  friend bool operator==(const Trial& left, const Trial& right) {
    return left.way == right.way && left.setting.concurrency == right.setting.concurrency;
  }
};

// "threads at 8"; "sequential".
std::string show(const Trial& trial);

struct TrialChoice {
  std::vector<Way> ways;
  std::vector<int> concurrencies;  // for all ways but `sequential`
  int processes = 2;               // for the way `processes`
  std::string queue{};             // for the way `queue`
};

// Each once, in the order of ways and concurrencies.  An event loop with one request at a time is
// omitted beside `sequential`, which is the same.
std::vector<Trial> trials_of(const TrialChoice& choice);

// `--set` options of the child process.
std::vector<std::string> overrides_of(const Trial& trial);

// The measures of a trial, and the whole comparison; the values for reports.

// Measured from outside: the program and its descendants, including workers that compare started.
struct Measure {
  Trial trial;
  Duration wall{};  // from the start of the program to its end
  Duration cpu{};   // user and system
  Bytes memory{};   // peak; shared pages count once
  RunCost cost{};   // as the run itself recorded it
};

struct Compared {
  std::string job;
  std::string version;  // of this program
  int processors = 1;   // of this machine
  int repeats = 1;      // runs per row; `measures` has the best
  std::vector<Measure> measures;
  // Differences from the first database, as text; empty: all are equal.
  std::vector<std::string> differences{};
};

inline double megabytes(Bytes bytes) {
  return static_cast<double>(bytes.count) / 1e6;
}

// Runs the job once in one way and measures it from outside.

// Common settings of all trials.
struct Workplace {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // values of `--set`, before those of the way
  std::filesystem::path words;         // file for the output of each run
  std::vector<std::string> worker{};   // arguments of a worker of the queue
  int workers = 0;                     // workers to start for the way `queue`
};

// An override with `value` quoted as YAML text.
std::string set_text(std::string_view path, std::string_view value);

// Runs to the end and leaves `database`.  A failed run returns the failure kind of its exit code;
// an interrupted one returns `cancelled`, and all its processes have ended.
Result<Measure> run_trial(const Trial& trial, const Workplace& workplace,
                          const std::filesystem::path& database, const Clock& clock,
                          const CancelToken& cancel_token);

}  // namespace repopipe
