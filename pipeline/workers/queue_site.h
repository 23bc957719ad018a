// The two ends of a queue, put together from a job and from the command line of a worker.
#pragma once

#include <memory>
#include <string>

#include "pipeline/base/system.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/queue_address.h"
#include "pipeline/workers/work_site.h"

namespace repopipe {

// The address that `text` is, or that the variable behind env: holds.  A failure is of kind `job`,
// begins with `where` the text stands, and never shows the address.
Result<QueueAddress> resolve_queue(const std::string& text, const Environment& environment,
                                   std::string_view where);

// `clock` outlives the channel.
Result<std::unique_ptr<Channel>> open_queue(const Job& job, const SiteNeeds& needs,
                                            const Clock& clock);

}  // namespace repopipe
