// The executors, and which of them a job asks for: fetch and parse in this process, in worker
// processes, or with the workers of a queue.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/job/job.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/queue_address.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// What the job asks of those who fetch and parse.
WorkSettings work_settings(const Job& job);

// The address that `text` is, or that the variable behind env: holds.  A failure is of kind `job`,
// begins with `where` the text stands, and never shows the address.
Result<QueueAddress> resolve_queue(const std::string& text, const Environment& environment,
                                   std::string_view where);

// What a run brings along.
struct ExecutorNeeds {
  std::string_view version;  // of this program
  std::vector<std::string> tokens;
  const std::vector<Principal>& principals;
  const Environment& environment;
  const Clock& clock;  // outlives the executor
  // Takes warnings, on any thread.
  std::function<void(const std::string&)> warn;
};

// A row of the table of executors.
struct ExecutorEntry {
  std::string_view name;
  bool (*applies)(const Job& job);  // the first row that does is that of the job
  Result<std::unique_ptr<Executor>> (*open)(const Job& job, ExecutorNeeds needs);
};

const ExecutorEntry& executor_of(const Job& job);

}  // namespace repopipe
