// Messages in which every member has a value of its own, so that one which does not travel is
// missed.  Used by the tests and the fuzz target of the wire format.
#pragma once

#include <string>
#include <vector>

#include "pipeline/model/resource.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe::testing {

// A field of each type, and of each presence.
Fields wire_fields();

// Without the moments that belong to one machine.
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

// Its records, if there are any: no cell of the wrong type, nothing only where that is allowed.
bool records_fit(const WorkerEvent& report);

}  // namespace repopipe::testing
