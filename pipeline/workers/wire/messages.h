// What a run and its workers say to each other.  Beside the records everything fits a few hundred
// bytes; a task is followed by exactly one task result, unless the worker goes away.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// Run to worker.
struct Configure {  // the first message to a worker process
  WorkSettings settings{};
  std::vector<std::string> tokens{};  // by principal; none: requests are anonymous

  friend bool operator==(const Configure&, const Configure&) = default;
};
struct WithdrawWaiting {  // what is not sent yet had better not go out
  friend bool operator==(const WithdrawWaiting&, const WithdrawWaiting&) = default;
};
using WorkerCommand = std::variant<Configure, Task, WithdrawWaiting>;

// Worker to run.
struct Ready {  // the first message of a worker process
  std::string version{};

  friend bool operator==(const Ready&, const Ready&) = default;
};
using WorkerEvent = std::variant<Ready, TaskResult>;

// A run as it stands on a queue, for workers on any machine.
struct RunInfo {
  std::string version{};  // of the run's program: workers must be of the same
  std::string job{};
  WorkSettings settings{};
  std::vector<std::string> principals{};  // their identities, in order
  std::chrono::milliseconds lease{};      // of a task
  Bytes memory{};                         // that a process of a worker may use

  friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

}  // namespace repopipe
