#include "pipeline/workers/processes/worker_link.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

constexpr std::size_t kChunk = 256UL << 10;

}  // namespace

void WorkerSocket::add(std::string_view message) {
  append_frame(out_, message);
}

void WorkerSocket::send(std::string_view message) {
  add(message);
  flush();
}

void WorkerSocket::flush() {
  while (sent_ < out_.size()) {
    const auto sent =
        ::send(socket_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) break;
    sent_ += static_cast<std::size_t>(sent);
  }
  if (sent_ < out_.size()) return;
  out_.clear();
  sent_ = 0;
}

Result<std::vector<std::string>> WorkerSocket::receive() {
  static thread_local std::array<char, kChunk> chunk;
  const auto got = recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
  is_quiet_ = got <= 0;
  is_over_ = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  if (got > 0) in_.add({chunk.data(), static_cast<std::size_t>(got)});
  std::vector<std::string> messages;
  while (true) {
    const auto message = in_.next();
    if (!message) return fail(message.error());
    if (!*message) return messages;
    messages.emplace_back(**message);
  }
}

namespace {

constexpr int kCrashesBeforeAlone = 2;

// One and a half times the concurrent requests, plus one: a worker need not wait for its next task,
// and a slow worker does not hold many.
std::size_t most_in_hand(std::size_t share) {
  return share + share / 2 + 1;
}

}  // namespace

bool must_be_alone(const Task& task) {
  return task.crashes >= kCrashesBeforeAlone;
}

WorkerProcess::WorkerProcess(Subprocess child, const Configure& configure,
                             std::size_t longest_message, Time now)
    : child_(std::move(child)),
      line_(child_.socket(), longest_message),
      share_(static_cast<std::size_t>(configure.settings.concurrency)),
      last_sign_(now) {
  line_.send(encode(WorkerCommand(configure)));
}

bool WorkerProcess::can_take(const Task& task) const {
  if (is_alone_with_one_) return false;
  if (must_be_alone(task)) return in_hand_.empty();
  return in_hand_.size() < most_in_hand(share_);
}

void WorkerProcess::take(std::shared_ptr<PendingTask> task, Time now) {
  if (in_hand_.empty()) last_sign_ = now;
  is_alone_with_one_ = must_be_alone(task->task());
  line_.add(encode(WorkerCommand(task->task())));
  const std::uint64_t id = task->task().id;
  in_hand_.emplace(id, std::move(task));
}

void WorkerProcess::withdraw_waiting() {
  line_.send(encode(WorkerCommand(WithdrawWaiting{})));
}

Result<std::size_t> WorkerProcess::listen(Resources resources, const PoolOptions& options,
                                          Time now) {
  const std::size_t before = in_hand_.size();
  auto messages = line_.receive();
  if (!messages) return fail(messages.error());
  for (std::string& message : *messages) {
    const Status heard = hear(std::move(message), resources, options, now);
    if (!heard) return fail(heard.error());
  }
  return before - in_hand_.size();
}

Status WorkerProcess::hear(std::string message, Resources resources, const PoolOptions& options,
                           Time now) {
  auto report =
      options.keeps_encoded ? decode_event_head(message) : decode_event(message, resources);
  if (!report) return fail(report.error());
  last_sign_ = now;
  return std::visit(Match{[&](Ready& ready) -> Status {
                            is_ready_ = ready.version == options.version;
                            if (is_ready_) return {};
                            return fail(FailureKind::malformed,
                                        "it is of version " + printable(ready.version));
                          },
                          [&](TaskResult& task_result) -> Status {
                            if (options.keeps_encoded) task_result.encoded = std::move(message);
                            return complete(std::move(task_result), now);
                          }},
                    *report);
}

Status WorkerProcess::complete(TaskResult task_result, Time now) {
  const auto found = in_hand_.find(task_result.task.id);
  const bool is_its_own = is_ready_ && found != in_hand_.end() &&
                          found->second->task().resource == task_result.task.resource;
  if (!is_its_own) {
    return fail(FailureKind::malformed, "sent a result for a task that it did not have");
  }
  const auto task = std::move(found->second);
  in_hand_.erase(found);
  is_alone_with_one_ = false;
  task->complete_from_elsewhere(std::move(task_result), now);
  return {};
}

std::vector<std::shared_ptr<PendingTask>> WorkerProcess::leave_behind() {
  std::vector<std::shared_ptr<PendingTask>> tasks;
  for (auto& [id, task] : in_hand_) tasks.push_back(std::move(task));
  in_hand_.clear();
  return tasks;
}

}  // namespace repopipe
