// Ctrl-C while runs are being measured: told by the thread that watches for signals, seen by the
// one that waits for a child.
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
  // 0: there was none.
  int signal() const { return signal_; }
  // A descriptor that can be read from as soon as there is one.
  int handle() const { return handle_.number(); }

 private:
  std::atomic<int> signal_{0};
  Descriptor handle_;  // an eventfd
};

// What is to be measured: which ways, at which concurrencies, in which order.

// One way at one concurrency: a row of the comparison.
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
  std::vector<int> concurrencies;  // of all ways but `sequential`, which is one at a time
  int processes = 2;               // of the way `processes`
  std::string queue{};             // of the way `queue`
};

// Each once, in the order of the ways and of the numbers.  An event loop with one request at a time
// is the sequential way, and left out beside it.
std::vector<Trial> trials_of(const TrialChoice& choice);

// `--set` for the child that carries it out.
std::vector<std::string> overrides_of(const Trial& trial);

// What was measured of one way at one concurrency, and the comparison of all of them: values that
// the reports tell.

// From outside, of the program and all that it started: its workers too, if they were ours.
struct Measure {
  Trial trial;
  Duration wall{};  // from the start of the program to its end
  Duration cpu{};   // user and system
  Bytes memory{};   // the peak, shared pages counted once
  RunCost cost{};   // from inside, as the run itself wrote it down
};

struct Compared {
  std::string job;
  std::string version;  // of this program
  int processors = 1;   // of this machine
  int repeats = 1;      // of each, of which the best is in `measures`
  std::vector<Measure> measures;
  // Where a database was not like the first one, in words; empty: all are equal.
  std::vector<std::string> differences{};
};

inline double megabytes(Bytes bytes) {
  return static_cast<double>(bytes.count) / 1e6;
}

// Carries out one trial: a run of the job in one way, measured from outside.

// What all runs of a comparison have in common.
struct Workplace {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // of `--set`, before those of the way
  std::filesystem::path words;         // a file that gets what each run says, in its turn
  std::vector<std::string> worker{};   // arguments of a worker of the queue
  int workers = 0;                     // that are started for the way `queue`
};

// `overrides` as YAML would read a text: in quotes, whatever is in it.
std::string set_text(std::string_view path, std::string_view value);

// Runs to the end and leaves `database` behind.  A run that fails is a failure of the kind that its
// exit code tells; one that is interrupted is `cancelled`, and nothing of it runs on.
Result<Measure> run_trial(const Trial& trial, const Workplace& workplace,
                          const std::filesystem::path& database, const Clock& clock,
                          const CancelToken& cancel_token);

}  // namespace repopipe
