// The line to one worker process: messages out and in, without ever blocking.
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
// Threading: one thread.  The socket is non-blocking and outlives the link.
class WorkerSocket {
 public:
  // A message from the worker may have at most so many bytes.
  WorkerSocket(int socket, std::size_t longest) : socket_(socket), in_(longest) {}

  // To be sent with what follows, or by `flush`.
  void add(std::string_view message);
  // What cannot be sent at once waits for `flush`.
  void send(std::string_view message);
  // Call it when the socket can be written.  A broken line shows when it is read.
  void flush();
  bool has_more_to_send() const { return sent_ < out_.size(); }

  // Whole messages that have come, when the socket can be read.  Nothing and `is_over()`: the
  // worker has hung up.
  Result<std::vector<std::string>> receive();
  bool is_over() const { return is_over_; }
  bool is_quiet() const { return is_quiet_; }  // nothing was there the last time

 private:
  int socket_;
  FrameReader in_;
  std::string out_;
  std::size_t sent_ = 0;  // of `out_`
  bool is_over_ = false;
  bool is_quiet_ = true;
};

// One worker process as the pool sees it: its line, its share of the work, and what it has in hand.

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
  void take(std::shared_ptr<PendingTask> task, Time now);  // it hears of that with `flush`
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
  std::vector<std::shared_ptr<PendingTask>> leave_behind();

 private:
  Status hear(std::string message, Fields fields, const PoolOptions& options, Time now);
  Status complete(TaskResult task_result, Time now);

  Subprocess child_;
  WorkerSocket line_;
  std::size_t share_;
  std::unordered_map<std::uint64_t, std::shared_ptr<PendingTask>> in_hand_;  // by id
  bool is_alone_with_one_ = false;  // its task is to be alone
  bool is_ready_ = false;
  Time last_sign_;  // of life, or of getting something to do
};

}  // namespace repopipe
