// The main function of a worker process, see work_for_run.
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/base/mutex.h"
#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/workers/local/local_executor.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/wire/codec.h"
#include "pipeline/workers/wire/frame.h"

namespace repopipe {
namespace {

// A command is a task or a few settings.
constexpr std::size_t kLongestCommand = 16UL << 20;

// Nothing that is left is of use: the run is over or lost.
[[noreturn]] void end_at_once() {
  _exit(static_cast<int>(ExitCode::complete));
}

// Blocks while the run does not read, which slows the worker down.  Threading: any.
class MessageWriter {
 public:
  explicit MessageWriter(int socket) : socket_(socket) {}

  void say(WorkerEvent report) {
    std::string frame;
    append_frame(frame, encode(std::move(report)));
    const Lock lock(mutex_);
    std::string_view rest = frame;
    while (!rest.empty()) {
      const auto sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) end_at_once();
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

 private:
  const int socket_;
  Mutex mutex_;  // one frame at a time
};

// To stderr, which is that of the run.
void warn_on_stderr(const std::string& line) {
  fmt::print(stderr, "{}",
             without_secrets(fmt::format("repopipe: worker {}: {}\n", getpid(), line)));
}

class MessageReader {
 public:
  explicit MessageReader(int socket) : socket_(socket), frames_(kLongestCommand) {}

  Result<WorkerCommand> next() {
    while (true) {
      const auto frame = frames_.next();
      if (!frame) return fail(frame.error());
      if (*frame) return decode_command(**frame);
      const auto got = recv(socket_, chunk_.data(), chunk_.size(), 0);
      if (got == 0 || (got < 0 && errno != EINTR)) end_at_once();
      if (got > 0) frames_.add({chunk_.data(), static_cast<std::size_t>(got)});
    }
  }

 private:
  const int socket_;
  FrameReader frames_;
  std::array<char, 64UL << 10> chunk_{};
};

}  // namespace

ExitCode work_for_run(int socket, std::string_view version, const Clock& clock) {
  MessageReader reader(socket);
  MessageWriter writer(socket);
  auto first = reader.next();
  Configure* configure = first ? std::get_if<Configure>(&*first) : nullptr;
  if (configure == nullptr) return ExitCode::usage;
  for (const std::string& token : configure->tokens) add_secret(token);
  auto parts = LocalParts::open(configure->settings, std::move(configure->tokens), version, clock,
                                warn_on_stderr);
  if (!parts) return ExitCode::internal;
  writer.say(Ready{std::string(version)});
  const auto answer = [&writer](TaskResult task_result) { writer.say(std::move(task_result)); };
  LocalExecutor executor(std::move(*parts), clock);
  while (true) {
    auto order = reader.next();
    if (!order || std::holds_alternative<Configure>(*order)) return ExitCode::internal;
    if (auto* task = std::get_if<Task>(&*order)) {
      task->sent = clock.now();
      executor.submit(std::make_shared<PendingTask>(std::move(*task), answer));
    } else {
      executor.cancel_queued();
    }
  }
}

}  // namespace repopipe
