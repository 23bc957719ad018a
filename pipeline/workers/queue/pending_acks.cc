#include "pipeline/workers/queue/pending_acks.h"

namespace repopipe {

std::vector<RedisWords> PendingAcks::commands() const {
  if (entries_.empty()) return {};
  RedisWords acknowledge{"XACK", keys_.tasks, kWorkersGroup};
  RedisWords remove{"XDEL", keys_.tasks};
  acknowledge.insert(acknowledge.end(), entries_.begin(), entries_.end());
  remove.insert(remove.end(), entries_.begin(), entries_.end());
  return {std::move(acknowledge), std::move(remove)};
}

}  // namespace repopipe
