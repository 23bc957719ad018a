#include "pipeline/run/run_graph.h"

#include <tbb/flow_graph.h>

#include <atomic>
#include <optional>
#include <tuple>
#include <utility>

#include "pipeline/base/message.h"
#include "pipeline/base/text.h"
#include "pipeline/base/thread.h"
#include "pipeline/run/planner_node.h"
#include "pipeline/run/timer.h"
#include "pipeline/run/writer.h"
#include "pipeline/workers/local/graph_nodes.h"

namespace repopipe {
namespace {

using EventMessage = Message<Event>;
using TaskMessage = Message<Task>;
using ListingMessage = Message<Listing>;

using ChannelNode = HandOverNode<Task, Event>;
using StoreNode = HandOverNode<Listing, Event>;
// Runs on the thread that brings the event, if none is in it: what there is to decide takes less
// time than to wake another thread for it.
using PlannerGraphNode =
    tbb::flow::multifunction_node<EventMessage, std::tuple<TaskMessage, ListingMessage>,
                                  tbb::flow::queueing_lightweight>;

Stop stop_for(const Failure& failure) {
  return {RunStatus::failed, policy_of(failure.kind).exit_code, failure.message, failure.kind};
}

}  // namespace

class RunGraph::Nodes {
 public:
  explicit Nodes(const RunParts& parts)
      : parts_(parts),
        body_(parts.plan, parts.subjects, parts.clock),
        writer_(parts.store, parts.clock, [this](Written taken) { tell(std::move(taken)); }),
        planner_(graph_, tbb::flow::serial,
                 [this](const EventMessage& message, auto& ports) noexcept {
                   Event event = message.take();
                   planner_is_serial_.run([&] { plan_unless_broken(std::move(event), ports); });
                 }),
        store_(graph_, tbb::flow::unlimited,
               [this](const ListingMessage& message, StoreNode::gateway_type& gateway) noexcept {
                 Listing listing = message.take();
                 writer_.submit(std::move(listing), reserve<Event>(gateway));
               }),
        timer_(
            parts.clock, [this] { tell(Tick{}); },
            [this](const Failure& failure) { tell(stop_for(failure)); }) {
    std::visit(Match{[this](const Here& here) { work_here(here); },
                     [this](Elsewhere channel) { work_elsewhere(channel); }},
               parts_.place);
    tbb::flow::make_edge(tbb::flow::output_port<1>(planner_), store_);
    tbb::flow::make_edge(store_, planner_);
    graph_.reserve_wait();  // until Plan says that it is over, which may be before `run`
  }

  ~Nodes() {
    if (!is_over_) graph_.release_wait();  // it could not even be told to begin
  }

  RunEnd run() {
    tell(Tick{});
    graph_.wait_for_all();
    is_over_.wait(false);  // it is; whoever set it wrote what is read now
    RunEnd end = std::move(end_);
    if (!defect_) return end;
    end.status = RunStatus::failed;
    end.exit_code = policy_of(defect_->kind).exit_code;
    end.error = defect_->message;
    end.cause = defect_->kind;
    return end;
  }

  // The planner may run on this thread, and the graph must not end before it has returned.
  void tell(Event event) {
    EventMessage message(std::move(event));
    graph_.reserve_wait();
    or_end([&] { planner_.try_put(message); });
    graph_.release_wait();
  }

 private:
  void work_here(const Here& here) {
    here_.emplace(graph_, here, parts_.clock);
    tbb::flow::make_edge(tbb::flow::output_port<0>(planner_), here_->input());
    tbb::flow::make_edge(here_->output(), planner_);
    withdraw_ = [&engine = here.engine] { engine.cancel_queued(); };
  }

  void work_elsewhere(Channel& channel) {
    elsewhere_.emplace(
        graph_, tbb::flow::unlimited,
        [&channel](const TaskMessage& message, ChannelNode::gateway_type& gateway) noexcept {
          channel.submit(message.take(), reserve<Event>(gateway));
        });
    tbb::flow::make_edge(tbb::flow::output_port<0>(planner_), *elsewhere_);
    tbb::flow::make_edge(*elsewhere_, planner_);
    withdraw_ = [&channel] { channel.cancel_queued(); };
  }

  // What is thrown ends the run: what is out comes home and is dropped, what is stored stays.
  void plan_unless_broken(Event event, PlannerGraphNode::output_ports_type& ports) {
    if (is_over_) return;  // nobody waits for what comes now, such as a late signal
    try {
      plan(std::move(event), ports);
    } catch (...) {
      defect_ = caught();
      withdraw_();
      be_over();
    }
  }

  void be_over() {
    if (is_over_) return;
    end_ = body_.end();
    is_over_ = true;
    graph_.release_wait();
  }

  void plan(Event event, PlannerGraphNode::output_ports_type& ports) {
    body_.handle(
        std::move(event),
        {.send = [&](Task task) { std::get<0>(ports).try_put(TaskMessage(std::move(task))); },
         .keep = [&](Listing kept) { std::get<1>(ports).try_put(ListingMessage(std::move(kept))); },
         .say = parts_.say,
         .wake_at = [this](Time time) { timer_.set(time); },
         .cancel_queued = withdraw_,
         .over = [this] { be_over(); }});
  }

  const RunParts parts_;
  PlannerNode body_;
  SerialSection planner_is_serial_;
  // Written by the planner's section until it is over, read afterwards.
  std::optional<Failure> defect_;
  RunEnd end_;
  std::atomic<bool> is_over_ = false;
  ThreadLimit thread_limit_{[this](const std::string& line) {
    parts_.say({Severity::warning, line}, {});
  }};
  tbb::flow::graph graph_;
  Writer writer_;
  PlannerGraphNode planner_;
  std::optional<FetchParse<Event>> here_;  // one of these two
  std::optional<ChannelNode> elsewhere_;
  std::function<void()> withdraw_;  // what waits there
  StoreNode store_;
  Timer timer_;  // last: it is silent before any node is gone
};

RunGraph::RunGraph(const RunParts& parts) : nodes_(std::make_unique<Nodes>(parts)) {}

RunGraph::~RunGraph() = default;

RunEnd RunGraph::run() {
  return nodes_->run();
}

void RunGraph::stop(RunStatus status, ExitCode exit_code, std::string reason) {
  nodes_->tell(Stop{status, exit_code, std::move(reason)});
}

}  // namespace repopipe
