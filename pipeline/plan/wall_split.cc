#include "pipeline/plan/wall_split.h"

#include <algorithm>

namespace repopipe {

void WallSplit::spend(Activity activity, Time now) {
  const Time until = std::max(now, since_);
  share(activity) += until - since_;
  since_ = until;
}

Duration& WallSplit::share(Activity activity) {
  switch (activity) {
    case Activity::starting:
      return times_.starting;
    case Activity::fetching:
      return times_.fetching;
    case Activity::processing:
      return times_.processing;
    case Activity::waiting:
      return times_.waiting;
    case Activity::finishing:
      return times_.finishing;
  }
  return times_.finishing;
}

}  // namespace repopipe
