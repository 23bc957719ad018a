// Messages as MessagePack and back.  Used by worker processes and the queue; what comes over a wire
// is never trusted.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {

// Threading of all: any.
std::string encode(WorkerCommand order);
std::string encode(WorkerEvent report);
std::string encode(RunInfo run_info);

// A failure is of kind `malformed`: the bytes are no such message, or its records are not of these
// fields.  `fields` must live as long as the records.
Result<WorkerCommand> decode_command(std::string_view bytes);
Result<WorkerEvent> decode_event(std::string_view bytes, Fields fields);
// For who passes the bytes on: the records stay unread, and batches empty.
Result<WorkerEvent> decode_event_head(std::string_view bytes);
Result<RunInfo> decode_run_info(std::string_view bytes);

}  // namespace repopipe
