// Why a worker is given up, and who is to blame: what it does by itself may be the doing of its
// tasks, what somebody does to it is not.
#pragma once

#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/subprocess.h"

namespace repopipe {

struct WorkerExit {
  FailureKind kind = FailureKind::worker_crashed;  // or worker_lost
  std::string words{};                             // "crashed (Aborted)"

  friend bool operator==(const WorkerExit&, const WorkerExit&) = default;
};

WorkerExit loss_of(const SubprocessEnd& end);

}  // namespace repopipe
