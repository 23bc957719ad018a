#include "pipeline/hold.h"

#include <algorithm>

namespace repopipe {

void Hold::ask(Duration wait, Time sent, Time now) {
  if (is_news(sent)) raise(now);
  const Duration least = raised_ > 1 ? pause(raised_ - 1) : Duration{};
  until_ = std::max(until_, now + std::max(wait, least));
}

void Hold::ask(Time sent, Time now) {
  if (!is_news(sent)) return;
  raise(now);
  until_ = std::max(until_, now + pause(raised_));
}

Duration Hold::pause(int times) const {
  Duration pause = std::min(first_, longest_);
  for (int i = 1; i < times && pause < longest_; ++i) pause = std::min(pause * 2, longest_);
  return pause;
}

void Hold::raise(Time now) {
  if (raised_++ == 0) since_ = now;
  raised_at_ = now;
}

void Hold::relieve(Time sent) {
  if (raised_ > 0 && sent >= raised_at_) raised_ = 0;
}

}  // namespace repopipe
