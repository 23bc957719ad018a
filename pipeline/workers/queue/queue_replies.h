// What workers send back to a run: read off its stream as it comes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/queue_address.h"
#include "pipeline/workers/queue/redis.h"

namespace repopipe {

// The connection may be asked something meanwhile.
using TakeReply = std::function<void(std::uint64_t task, std::string_view message,
                                     std::string_view worker, Redis& redis)>;

// Hands every reply to `take`, with the number of its task and the name of its worker, and trims
// the stream, for as long as `goes_on` says so; it is asked about once a second.  On a connection
// of its own.  A failure is of kind `queue`, or of kind `job` if it will not pass.
Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on, const TakeReply& take);

}  // namespace repopipe
