// A time before which nothing may be sent, and what becomes of it when it is not heeded by luck:
// the longer the trouble lasts, the longer the next pause.  Used for limits and for a lost network.
#pragma once

#include "pipeline/base/units.h"

namespace repopipe {

// Threading: that of Plan.
class Cooldown {
 public:
  // `first`: the pause where nobody says how long; it doubles each time, up to `longest`.
  Cooldown(Duration first, Duration longest) : first_(first), longest_(longest) {}

  // The API asks for a pause, by a response to a request that was sent at `sent`.  If it asks again
  // and again, it gets more than it asks for.
  void ask(Duration wait, Time sent, Time now);
  // It does not say how long.  Responses to requests that were sent before the last pause began
  // tell nothing new and do not double it.
  void ask(Time sent, Time now);
  // A request that was sent at `sent` went well.
  void relieve(Time sent);

  Time until() const { return until_; }
  int times_raised() const { return raised_; }
  // When the trouble began; of meaning while times_raised() > 0.
  Time since() const { return since_; }

 private:
  bool is_news(Time sent) const { return raised_ == 0 || sent >= raised_at_; }
  void raise(Time now);
  Duration doubled(Duration pause) const;

  Duration first_;
  Duration longest_;
  Time until_ = Time::min();
  Time raised_at_{};
  Time since_{};
  int raised_ = 0;
};

}  // namespace repopipe
