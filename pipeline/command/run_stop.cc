#include "pipeline/command/run_stop.h"

#include <fmt/format.h>

#include <csignal>
#include <utility>

namespace repopipe {

std::string words_of_stop(int signal, std::string_view what) {
  return fmt::format("{}: finishes {}; a second {} ends it at once", name_of_end(signal), what,
                     signal == SIGINT ? "Ctrl-C" : "signal");
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
