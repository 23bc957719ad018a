#include "pipeline/command/run_stop.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "pipeline/base/system.h"

namespace repopipe {

std::string words_of_stop(int signal, std::string_view what) {
  return fmt::format("{}: finishes {}; a second {} ends it at once", name_of_end(signal), what,
                     signal == SIGINT ? "Ctrl-C" : "signal");
}

LastResort::LastResort(Time deadline, Duration grace)
    : grace_(grace),
      timer_(
          clock_, [this] { fire(); }, [](const Failure&) {}) {
  timer_.set(deadline);
}

void LastResort::fire() {
  if (!std::exchange(has_passed_, true)) return timer_.set(clock_.now() + grace_);
  say("repopipe: run.deadline has passed a minute ago, and the run does not come to its end; the "
      "next run goes on where this one stopped\n");
  _exit(static_cast<int>(ExitCode::try_later));
}

std::unique_ptr<LastResort> end_whatever_hangs(Time deadline) {
  try {
    return std::make_unique<LastResort>(deadline);
  } catch (...) {
    return nullptr;
  }
}

RunStop::RunStop(SignalWatch& signals, std::function<void(int signal)> told)
    : signals_(signals), told_(std::move(told)) {
  signals_.start([this](int signal) { obey(signal); });
}

RunStop::~RunStop() {
  signals_.stop();
}

RunEnd RunStop::run(RunGraph& graph) {
  {
    const std::lock_guard lock(mutex_);
    graph_ = &graph;
    if (signal_ != 0) stop_graph();
  }
  struct Detach {
    RunStop& stop;
    ~Detach() {
      const std::lock_guard lock(stop.mutex_);
      stop.graph_ = nullptr;
    }
  } const detach{*this};
  return graph.run();
}

void RunStop::obey(int signal) {
  told_(signal);
  const std::lock_guard lock(mutex_);
  signal_ = signal;
  if (graph_ != nullptr) stop_graph();
}

void RunStop::stop_graph() {
  graph_->stop(
      RunStatus::interrupted, signal_ == SIGINT ? ExitCode::interrupted : ExitCode::terminated,
      fmt::format("{}; the next run goes on where this one stopped", name_of_end(signal_)));
}

}  // namespace repopipe
