#include <sys/eventfd.h>

#include "pipeline/base/system.h"
#include "pipeline/workers/processes/pool_loop.h"

namespace repopipe {

PoolInbox::PoolInbox() : wake(must_open(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "an eventfd")) {}

void PoolInbox::ring() const {
  eventfd_write(wake.number(), 1);
}

bool PoolInbox::has_something() {
  const std::lock_guard lock(mutex);
  return !errands.empty() || withdraws || stops;
}

}  // namespace repopipe
