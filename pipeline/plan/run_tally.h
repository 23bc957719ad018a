// How the subjects of a run ended, for its exit code and the line that explains it, and how its
// wall time was spent.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/run.h"

namespace repopipe {

// Threading: that of Plan.
class RunTally {
 public:
  // Subjects that an interrupted run has settled, which this one continues.
  struct Before {
    std::uint64_t settled = 0;
    std::uint64_t failed = 0;        // of those
    std::uint64_t lists_failed = 0;  // see list_failed
  };
  explicit RunTally(const Before& before) : before_(before), lists_failed_(before.lists_failed) {}

  // Why a subject fails; call `settled` once that is committed.
  void failed(const Failure& failure);
  void settled(Outcome outcome);
  // A list of accounts failed or was refused, so new accounts on it are not known.  The run is
  // incomplete, whatever number of failures it allows.
  void list_failed(const std::string& why);

  // A request was sent and is over.
  void requested(const RequestLog& log);
  // Requests, retries, 304s and bytes.
  const RunProgress& requests() const { return requests_; }

  std::uint64_t settled() const { return settled_; }  // in this process
  // More users failed than `fail_ratio` allows.
  bool has_too_many_failures(double fail_ratio) const;
  // That, or a list failed.
  bool is_incomplete(double fail_ratio) const;
  // "3 of 10 users failed, ...", with the most frequent cause if there is one; or why a list
  // failed.
  std::string explain(double fail_ratio) const;

 private:
  struct Cause {
    std::uint64_t subjects = 0;
    std::string example{};
  };
  std::uint64_t all() const { return before_.settled + settled_; }
  std::uint64_t all_failed() const { return before_.failed + failed_; }

  Before before_;
  std::uint64_t settled_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t lists_failed_;
  std::string why_list_failed_{};  // of the first one in this process
  std::map<FailureKind, Cause> causes_{};
  RunProgress requests_{};
};

enum class Activity { starting, fetching, processing, waiting, finishing };

class TimeSplit {
 public:
  explicit TimeSplit(Time start) : since_(start) {}

  // Assigns the time since the last call, or since the start, to `activity`.  `now` before the last
  // call counts as zero.
  void spend(Activity activity, Time now);

  // What the run waits for from now on, see Activity::waiting; nothing: it decides what to do.
  void set_cause(std::optional<WaitCause> cause) { cause_ = cause; }
  bool is_waiting() const { return cause_.has_value(); }

  const RunTimes& times() const { return times_; }

 private:
  Duration& share(Activity activity);

  void wait(Duration duration);

  Time since_;
  std::optional<WaitCause> cause_{};
  std::optional<WaitCause> last_{};  // of the wait that `spend` counted last, while it goes on
  RunTimes times_;
};

}  // namespace repopipe
