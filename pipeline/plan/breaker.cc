#include "pipeline/plan/breaker.h"

#include <algorithm>
#include <utility>

namespace repopipe {

bool Breaker::failed(const Trouble& trouble, Time now) {
  if (subjects_.empty()) {
    first_sent_ = trouble.sent;
    since_ = now;
  }
  const bool is_new = std::ranges::find(subjects_, trouble.subject) == subjects_.end();
  if (is_new && subjects_.size() < kManyEnough) subjects_.push_back(trouble.subject);
  failed_at_ = now;
  kind_ = trouble.kind;
  cause_ = trouble.cause;
  const bool is_probe = is_open_ && trouble.task == last_probe_;
  if (is_probe) {
    ++probes_failed_;
    pause_ = std::min(pause_ * 2, longest_pause_);
  }
  if (!is_open_ && subjects_.size() < kManyEnough) return false;
  const bool opens = !is_open_;
  if (opens) open(now);
  if (opens || is_probe) until_ = now + std::max(pause_, trouble.wait.value_or(Duration{}));
  return opens;
}

void Breaker::open(Time now) {
  if (subjects_.empty()) {  // what was answered since the failures was sent before they were told
    first_sent_ = now;
    since_ = now;
  }
  is_open_ = true;
  opened_at_ = now;
  pause_ = std::min(first_pause_, longest_pause_);
  until_ = now + pause_;
  probes_failed_ = 0;
}

bool Breaker::answered(Time sent) {
  if ((subjects_.empty() && !is_open_) || sent < first_sent_) return false;
  subjects_.clear();
  return std::exchange(is_open_, false);
}

void Breaker::completed(std::uint64_t task) {
  if (probe_ != task) return;
  last_probe_ = std::exchange(probe_, 0);
}

}  // namespace repopipe
