// A time before which nothing may be sent.  If requests are refused again after it, the next pause
// is longer.  Used for limits and for the queue.
#pragma once

#include "pipeline/base/units.h"

namespace repopipe {

// Threading: that of Plan.
class Cooldown {
 public:
  // `first`: the pause if no duration is told; it doubles each time, up to `longest`.
  Cooldown(Duration first, Duration longest) : first_(first), longest_(longest) {}

  // A response to a request that was sent at `sent` asks for a pause.  If pauses follow each other,
  // they are longer than asked for.
  void ask(Duration wait, Time sent, Time now);
  // The same without a duration.  Responses to requests that were sent before the last pause began
  // do not double it.
  void ask(Time sent, Time now);
  // A request that was sent at `sent` succeeded.
  void relieve(Time sent);

  Time until() const { return until_; }
  int times_raised() const { return raised_; }
  // When the first of these pauses began; valid while times_raised() > 0.
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
