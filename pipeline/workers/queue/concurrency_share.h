// How many of a run's exchanges are one worker's: those who are there share them, in the order of
// their names, so that all together make no more than `fetch.concurrency`, but for the second that
// it takes to notice a new one.  What the API allows holds all the time: no more tasks are out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/base/units.h"
#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"

namespace repopipe {

// Threading: one thread at a time.
class ConcurrencyShare {
 public:
  // Of `exchanges`, for the worker `name`.
  ConcurrencyShare(QueueKeys keys, std::string name, std::size_t request_logs)
      : keys_(std::move(keys)), name_(std::move(name)), exchanges_(request_logs) {}

  // At least one.  Nothing when it is too early to look again, or Redis does not tell.
  std::optional<std::size_t> look(Redis& redis, Time now);
  // Whether other workers were there at the last look.
  bool has_others() const { return has_others_; }

 private:
  const QueueKeys keys_;
  const std::string name_;
  const std::size_t exchanges_;
  Time next_look_{};
  bool has_others_ = false;
};

}  // namespace repopipe
