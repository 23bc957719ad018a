// The messages between a run and its workers.  Each task is followed by exactly one result, unless
// the worker is lost.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// Run to worker:
struct Configure {  // the first message
  WorkSettings settings{};
  std::vector<std::string> tokens{};  // by principal; empty: requests are anonymous

  friend bool operator==(const Configure&, const Configure&) = default;
};
struct WithdrawWaiting {  // cancel tasks whose requests have not been sent
  friend bool operator==(const WithdrawWaiting&, const WithdrawWaiting&) = default;
};
using WorkerCommand = std::variant<Configure, Task, WithdrawWaiting>;

// Worker to run:
struct Ready {  // the first message
  std::string version{};

  friend bool operator==(const Ready&, const Ready&) = default;
};
using WorkerEvent = std::variant<Ready, TaskResult>;

// A run as announced on a queue.
struct RunInfo {
  std::string version{};  // of the run's program; workers must have the same
  std::string job{};
  WorkSettings settings{};
  std::vector<std::string> principals{};  // identities of the principals, in order
  std::chrono::milliseconds lease{};      // of a claimed task
  Bytes memory{};                         // limit of each worker process

  friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

}  // namespace repopipe
