#include "pipeline/workers/local/worker_graph.h"

#include <tbb/flow_graph.h>

#include <utility>

#include "pipeline/workers/local/graph_nodes.h"

namespace repopipe {

class WorkerGraph::Nodes {
 public:
  Nodes(const Here& here, const Clock& clock, std::function<void(TaskResult)> home)
      : thread_limit_([](const std::string&) {}),
        work_(graph_, here, clock),
        home_(graph_, tbb::flow::unlimited,
              [home = std::move(home)](const Message<TaskResult>& message) noexcept {
                or_end([&] { home(message.take()); });
              }) {
    tbb::flow::make_edge(work_.output(), home_);
  }
  ~Nodes() { graph_.wait_for_all(); }
  Nodes(const Nodes&) = delete;
  Nodes& operator=(const Nodes&) = delete;

  void submit(Task task) {
    const Message<Task> message(std::move(task));
    or_end([&] { work_.input().try_put(message); });
  }

 private:
  ThreadLimit thread_limit_;
  tbb::flow::graph graph_;
  FetchParse<TaskResult> work_;
  tbb::flow::function_node<Message<TaskResult>, tbb::flow::continue_msg, tbb::flow::lightweight>
      home_;
};

WorkerGraph::WorkerGraph(const Here& here, const Clock& clock, std::function<void(TaskResult)> home)
    : nodes_(std::make_unique<Nodes>(here, clock, std::move(home))) {}

WorkerGraph::~WorkerGraph() = default;

void WorkerGraph::submit(Task task) {
  nodes_->submit(std::move(task));
}

}  // namespace repopipe
