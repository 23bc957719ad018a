#include "pipeline/plan/limits/cooldown.h"

#include <algorithm>

namespace repopipe {

void Cooldown::ask(Duration wait, Time sent, Time now) {
  if (is_news(sent)) raise(now);
  until_ = std::max(until_, now + std::max(wait, doubled(wait)));
}

void Cooldown::ask(Time sent, Time now) {
  if (!is_news(sent)) return;
  raise(now);
  until_ = std::max(until_, now + doubled(first_));
}

// Once for each time that it was raised after the first.
Duration Cooldown::doubled(Duration pause) const {
  pause = std::min(pause, longest_);
  for (int i = 1; i < raised_ && pause < longest_; ++i) pause = std::min(pause * 2, longest_);
  return pause;
}

void Cooldown::raise(Time now) {
  if (raised_++ == 0) since_ = now;
  raised_at_ = now;
}

void Cooldown::relieve(Time sent) {
  if (raised_ > 0 && sent >= raised_at_) raised_ = 0;
}

}  // namespace repopipe
