// The connection to one worker process: non-blocking messages, and the tasks that it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/subprocess.h"
#include "pipeline/base/units.h"
#include "pipeline/model/pending_task.h"
#include "pipeline/model/resource.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/wire/frame.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {
// Threading: one thread.  The socket is non-blocking and outlives the object.
class WorkerSocket {
 public:
  // `longest`: maximum size of a message from the worker, in bytes.
  WorkerSocket(int socket, std::size_t longest) : socket_(socket), in_(longest) {}

  // Queues a message; `send` or `flush` sends it.
  void add(std::string_view message);
  // Sends the queued messages and this one.  `flush` sends what the socket does not accept now.
  void send(std::string_view message);
  // Call it when the socket is writable.  Errors appear when it is read.
  void flush();
  bool has_more_to_send() const { return sent_ < out_.size(); }

  // Call it when the socket is readable; returns complete messages.  Empty and `is_over()`: the
  // worker has closed the socket.
  Result<std::vector<std::string>> receive();
  bool is_over() const { return is_over_; }
  bool is_quiet() const { return is_quiet_; }  // the last read found nothing

 private:
  int socket_;
  FrameReader in_;
  std::string out_;
  std::size_t sent_ = 0;  // bytes of `out_` that are sent
  bool is_over_ = false;
  bool is_quiet_ = true;
};

// A worker process from the view of the pool.

// The task was lost in two crashes: it gets a worker of its own, so that a third crash must be its
// fault.
bool must_be_alone(const Task& task);

// Threading: one thread.
class WorkerProcess {
 public:
  // Sends Configure.  `share`: concurrent requests of this worker.
  WorkerProcess(Subprocess child, const Configure& configure, std::size_t longest_message,
                Time now);

  bool can_take(const Task& task) const;
  double load() const { return static_cast<double>(in_hand_.size()) / static_cast<double>(share_); }
  void take(std::shared_ptr<PendingTask> task, Time now);  // sent by `flush`
  void withdraw_waiting();

  // Reads results, completes their tasks, and returns their number.  A failure: the worker sent an
  // invalid message.
  Result<std::size_t> listen(Resources resources, const PoolOptions& options, Time now);
  void flush() { line_.flush(); }
  // Restarts the response timeout, if the delay has another cause.
  void excuse(Time now) { last_sign_ = now; }

  bool is_ready() const { return is_ready_; }
  bool has_hung_up() const { return line_.is_over(); }
  bool is_quiet() const { return line_.is_quiet(); }  // the last read found nothing
  bool has_more_to_send() const { return line_.has_more_to_send(); }
  bool is_silent_since(Time time) const { return !in_hand_.empty() && last_sign_ < time; }
  bool is_busy() const { return !in_hand_.empty(); }
  Subprocess& child() { return child_; }

  // Removes and returns all its tasks, in any order.
  std::vector<std::shared_ptr<PendingTask>> leave_behind();

 private:
  Status hear(std::string message, Resources resources, const PoolOptions& options, Time now);
  Status complete(TaskResult task_result, Time now);

  Subprocess child_;
  WorkerSocket line_;
  std::size_t share_;
  std::unordered_map<std::uint64_t, std::shared_ptr<PendingTask>> in_hand_;  // by id
  bool is_alone_with_one_ = false;  // its only task must be alone
  bool is_ready_ = false;
  Time last_sign_;  // the last message, or the time of the first task
};

}  // namespace repopipe
