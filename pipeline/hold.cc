#include "pipeline/hold.h"

#include <algorithm>

namespace repopipe {

void Hold::ask(Duration wait, Time sent, Time now) {
  if (is_news(sent)) raise(now);
  until_ = std::max(until_, now + wait);
}

void Hold::ask(Time sent, Time now) {
  if (!is_news(sent)) return;
  raise(now);
  Duration wait = std::min(first_, longest_);
  for (int i = 1; i < raised_ && wait < longest_; ++i) wait = std::min(wait * 2, longest_);
  until_ = std::max(until_, now + wait);
}

void Hold::raise(Time now) {
  if (raised_++ == 0) since_ = now;
  raised_at_ = now;
}

void Hold::relieve(Time sent) {
  if (raised_ > 0 && sent >= raised_at_) raised_ = 0;
}

}  // namespace repopipe
