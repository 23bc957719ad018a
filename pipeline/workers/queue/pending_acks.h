// What a worker owes the stream of tasks: that those are done whose replies are on Redis.
// PendingAcks wait for the next thing that is sent there, and need no round trip of their own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"

namespace repopipe {

// Threading: one thread at a time.
class PendingAcks {
 public:
  // `keys` are those of the run.
  explicit PendingAcks(const QueueKeys& keys) : keys_(keys) {}

  void add(std::string entry) { entries_.push_back(std::move(entry)); }
  // To be sent ahead of others; none when nothing is owed.  Their words live until the next change.
  std::vector<RedisWords> commands() const;
  // They are on Redis.
  void clear() { entries_.clear(); }

 private:
  const QueueKeys& keys_;
  std::vector<std::string> entries_;
};

}  // namespace repopipe
