// Splits the wall time of a run by what it went to.  Used by Plan, which knows.
#pragma once

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {

enum class Activity { starting, fetching, processing, waiting, finishing };

class WallSplit {
 public:
  explicit WallSplit(Time start) : since_(start) {}

  // Everything since the last call, or since the start, went to `activity`.  A time before the last
  // one counts as no time.
  void spend(Activity activity, Time now);

  const RunTimes& times() const { return times_; }

 private:
  Duration& share(Activity activity);

  Time since_;
  RunTimes times_;
};

}  // namespace repopipe
