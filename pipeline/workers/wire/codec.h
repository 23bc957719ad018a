// Encodes messages as MessagePack and decodes them.  Used by worker processes and the queue;
// received messages are not trusted.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {

// Threading of all functions: any.
std::string encode(WorkerCommand order);
std::string encode(WorkerEvent report);
std::string encode(RunInfo run_info);

// A failure is of kind `malformed`: the bytes are not a valid message, or its records are not of
// one of these resources, which must outlive the records.
Result<WorkerCommand> decode_command(std::string_view bytes);
Result<WorkerEvent> decode_event(std::string_view bytes, Resources resources);
// For forwarding: records are not decoded, and batches are empty.
Result<WorkerEvent> decode_event_head(std::string_view bytes);
Result<RunInfo> decode_run_info(std::string_view bytes);

}  // namespace repopipe
