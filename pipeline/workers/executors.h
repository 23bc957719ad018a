// The table of executors (in this process, worker processes, queue), and which one a job uses.
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

// The settings of the job for fetch and parse.
WorkSettings work_settings(const Job& job);

// The address in `text`, or in the variable or credential that it names.  A failure is of kind
// `job`; its message begins with `where` and does not contain the address.
Result<QueueAddress> resolve_queue(const std::string& text, const Environment& environment,
                                   std::string_view where);

// What an executor needs of a run.
struct ExecutorNeeds {
  std::string_view version;  // of this program
  std::vector<std::string> tokens;
  const std::vector<Principal>& principals;
  const Environment& environment;
  const Clock& clock;  // outlives the executor
  // Called with warnings, on any thread.
  std::function<void(const std::string&)> warn;
  // The same, about worker processes that were lost and are replaced.
  std::function<void(const std::string&)> replaced;
};

// A row of the table of executors.
struct ExecutorEntry {
  std::string_view name;
  bool (*applies)(const Job& job);  // the first row for which it is true is used
  Result<std::unique_ptr<Executor>> (*open)(const Job& job, ExecutorNeeds needs);
};

const ExecutorEntry& executor_of(const Job& job);

}  // namespace repopipe
