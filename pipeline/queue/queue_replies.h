// What workers send back to a run: read off its stream as it comes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "pipeline/core/result.h"
#include "pipeline/job/queue_address.h"

namespace repopipe {

// Hands every reply to `take`, with the number of its ticket, and trims the stream, for as long as
// `goes_on` says so; it is asked about once a second.  On a connection of its own.  A failure is of
// kind `queue`.
Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on,
                       const std::function<void(std::uint64_t, std::string_view)>& take);

}  // namespace repopipe
