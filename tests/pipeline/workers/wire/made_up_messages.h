// Messages with a different value in every member, so that a missing member is noticed.  Used by
// the tests and the fuzz target of the wire format.
#pragma once

#include <string>
#include <vector>

#include "pipeline/model/resource.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe::testing {

// A field of each type, and of each presence.
Fields wire_fields();
// One, of these fields.
Resources wire_resources();

// Without the times of one machine.
Task made_up_task();
WorkSettings made_up_settings();
RunInfo made_up_run_info();

// As many rows, of texts that are hard to carry.
RecordBatch made_up_rows(std::size_t count);
TaskResult settled(Result<Answer> result);
TaskResult made_up_task_result(std::size_t rows);

// One of everything that can be said.
std::vector<WorkerCommand> made_up_commands();
std::vector<WorkerEvent> made_up_events();

// Whether its records are valid: no cell of a wrong type, null only where allowed.
bool records_fit(const WorkerEvent& report);

}  // namespace repopipe::testing
