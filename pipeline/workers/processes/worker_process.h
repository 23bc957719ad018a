// One worker process as the pool sees it: its line, its share of the work, and what it has in hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/subprocess.h"
#include "pipeline/base/units.h"
#include "pipeline/model/resource.h"
#include "pipeline/workers/local/errand.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/processes/worker_socket.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {

// It has seen two workers crash, so a third crash is to be its doing.
bool must_be_alone(const Task& task);

// Threading: one thread.
class WorkerProcess {
 public:
  // Sends the welcome.  `share`: exchanges that it makes at a time.
  WorkerProcess(Subprocess child, const Configure& configure, std::size_t longest_message,
                Time now);

  bool can_take(const Task& task) const;
  double load() const { return static_cast<double>(in_hand_.size()) / static_cast<double>(share_); }
  void take(Errand errand, Time now);  // it hears of that with `flush`
  void withdraw_waiting();

  // Reads what has come, tells those who wait for it, and counts them.  A failure: what came cannot
  // be right.
  Result<std::size_t> listen(Fields fields, const PoolOptions& options, Time now);
  void flush() { line_.flush(); }
  // Its silence until now has another reason.
  void excuse(Time now) { last_sign_ = now; }

  bool is_ready() const { return is_ready_; }
  bool has_hung_up() const { return line_.is_over(); }
  bool is_quiet() const { return line_.is_quiet(); }  // nothing had come when it was heard last
  bool has_more_to_send() const { return line_.has_more_to_send(); }
  bool is_silent_since(Time time) const { return !in_hand_.empty() && last_sign_ < time; }
  bool is_busy() const { return !in_hand_.empty(); }
  Subprocess& child() { return child_; }

  // Everything that it had in hand, in no order.
  std::vector<Errand> leave_behind();

 private:
  Status hear(std::string message, Fields fields, const PoolOptions& options, Time now);
  Status complete(TaskResult task_result, Time now);

  Subprocess child_;
  WorkerSocket line_;
  std::size_t share_;
  std::unordered_map<std::uint64_t, Errand> in_hand_;  // by task
  bool is_alone_with_one_ = false;                     // its task is to be alone
  bool is_ready_ = false;
  Time last_sign_;  // of life, or of getting something to do
};

}  // namespace repopipe
