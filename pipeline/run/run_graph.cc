#include "pipeline/run/run_graph.h"

#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/info.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "pipeline/base/message.h"
#include "pipeline/base/text.h"
#include "pipeline/base/thread.h"
#include "pipeline/run/plan_clock.h"
#include "pipeline/run/timer.h"
#include "pipeline/run/writer.h"

namespace repopipe {
namespace {

// Returns the function that sends a message back from outside the graph.  The graph does not end
// before it has run.  If it cannot allocate the message, or TBB cannot start a thread for it, the
// planner would never learn of the task: the process ends (base/thread.h).
template <class Out, class Gateway>
auto reserve(Gateway& gateway) {
  gateway.reserve_wait();
  return [&gateway](auto&& value) {
    or_end([&] {
      gateway.try_put(Message<Out>(std::in_place, std::forward<decltype(value)>(value)));
      gateway.release_wait();
    });
  };
}

}  // namespace

// TBB starts threads at any time.  If that fails, its exception leaves TBB broken.  This limits
// TBB to the number of threads that can be started.
class ThreadLimit {
 public:
  ThreadLimit() {
    const auto wanted = static_cast<std::size_t>(std::max(tbb::info::default_concurrency() - 1, 1));
    const std::size_t startable = startable_threads(wanted);
    if (startable == wanted) return;
    limit_.emplace(tbb::global_control::max_allowed_parallelism, startable + 1);
  }

  // Whether TBB may use threads other than the one that waits.
  static bool has_workers() {
    return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism) > 1;
  }

 private:
  std::optional<tbb::global_control> limit_;
};

class RunGraph::Nodes {
 public:
  struct Stop {
    RunStatus status;
    ExitCode exit_code;
    std::string reason;
    std::optional<FailureKind> cause{};
  };
  struct Tick {};  // the timer fired
  struct Look {};  // somebody wants to know how far the run is
  using Event = std::variant<Tick, Look, TaskResult, Written, Committed, Stop>;

  using EventMessage = Message<Event>;
  using TaskMessage = Message<Task>;
  using ListingMessage = Message<Listing>;

  // The body only passes its message to another thread, so it needs no TBB task.  It is noexcept
  // and therefore runs within try_put (oneTBB treats a node as lightweight only then): what was
  // put before a `cancel_queued` has arrived when `cancel_queued` is called.
  template <class In>
  using HandOverNode =
      tbb::flow::async_node<Message<In>, EventMessage, tbb::flow::queueing_lightweight>;
  using ExecutorNode = HandOverNode<Task>;
  using WriterNode = HandOverNode<Listing>;
  // Runs on the thread that brings the event, if no other thread is in it: a decision takes less
  // time than waking another thread.
  using PlannerNode =
      tbb::flow::multifunction_node<EventMessage, std::tuple<TaskMessage, ListingMessage>,
                                    tbb::flow::queueing_lightweight>;

  explicit Nodes(const RunParts& parts)
      : parts_(parts),
        clock_(parts.clock),
        writer_(parts.store, parts.clock, [this](Written written) { tell(std::move(written)); }),
        planner_(graph_, tbb::flow::serial,
                 [this](const EventMessage& message, auto& ports) noexcept {
                   const auto event = message.take();
                   planner_is_serial_.run([&] { plan_unless_broken(*event, ports); });
                 }),
        executor_(graph_, tbb::flow::unlimited,
                  [this](const TaskMessage& message, ExecutorNode::gateway_type& gateway) noexcept {
                    or_end([&] { execute(std::move(*message.take()), gateway); });
                  }),
        listings_(
            graph_, tbb::flow::unlimited,
            [this](const ListingMessage& message, WriterNode::gateway_type& gateway) noexcept {
              writer_.submit(std::move(*message.take()), reserve<Event>(gateway));
            }),
        timer_(
            parts.clock, [this] { tell(Tick{}); },
            [this](const Failure& failure) { tell(stop_for(failure)); }) {
    tbb::flow::make_edge(tbb::flow::output_port<0>(planner_), executor_);
    tbb::flow::make_edge(executor_, planner_);
    tbb::flow::make_edge(tbb::flow::output_port<1>(planner_), listings_);
    tbb::flow::make_edge(listings_, planner_);
    graph_.reserve_wait();  // until Plan returns Finished, which may be before `run`
  }

  ~Nodes() {
    if (!is_over_) graph_.release_wait();  // the first event could not be sent
  }

  RunEnd run() {
    tell(Tick{});
    // A thread that waits in a graph polls for TBB tasks, and takes processor time from the threads
    // that work.  So this one waits in the graph only if TBB has no other thread.
    if (ThreadLimit::has_workers()) is_over_.wait(false);
    graph_.wait_for_all();
    is_over_.wait(false);  // does not block; makes `end_` and `defect_` visible to this thread
    RunEnd end = std::move(end_);
    if (!defect_) return end;
    end.status = RunStatus::failed;
    end.exit_code = policy_of(defect_->kind).exit_code;
    end.error = defect_->message;
    end.cause = defect_->kind;
    return end;
  }

  // The planner may run on this thread.  The graph must not end before it has returned.
  void tell(Event event) {
    EventMessage message(std::in_place, std::move(event));
    graph_.reserve_wait();
    or_end([&] { planner_.try_put(message); });
    graph_.release_wait();
  }

 private:
  using Ports = PlannerNode::output_ports_type;

  static Stop stop_for(const Failure& failure) {
    return {RunStatus::failed, policy_of(failure.kind).exit_code, failure.message, failure.kind};
  }

  // An exception ends the run: tasks in flight are completed and dropped, stored rows stay.
  void plan_unless_broken(Event& event, Ports& ports) {
    if (is_over_) return;  // a late event, such as a signal
    try {
      plan(event, ports);
    } catch (...) {
      defect_ = caught();
      parts_.executor.cancel_queued();
      be_over();
    }
  }

  void be_over() {
    if (is_over_) return;
    end_ = parts_.plan.end();
    end_.times.take_busy(busy_);
    for (TokenState& each : end_.tokens) each.expires_at = clock_.wall_time_of(each.ends_at);
    is_over_ = true;
    is_over_.notify_one();
    graph_.release_wait();
  }

  void execute(Task&& task, ExecutorNode::gateway_type& gateway) {
    parts_.executor.submit(std::make_shared<PendingTask>(std::move(task), reserve<Event>(gateway)));
  }

  void plan(Event& event, Ports& ports) {
    // A leap does not count for the deadline of the run.
    if (const Duration leap = clock_.follow_calendar(); leap > Duration{}) {
      parts_.plan.postpone_deadline(leap);
    }
    const Time begin = clock_.now();
    std::visit([&](auto& what) { handle(what, begin); }, event);
    bool more = true;
    while (more) {
      Action step = parts_.plan.next(clock_.now());
      more = std::visit([&](auto& what) { return act(what, ports); }, step);
    }
    busy_.plan_busy += clock_.now() - begin;
  }

  // Each passes one kind of event to Plan.
  void handle(const Tick&, Time) {}
  void handle(const Look&, Time) { parts_.told(clock_.by_calendar(parts_.plan.progress())); }
  void handle(TaskResult& task_result, Time now) {
    Timing& timing = task_result.log.timing;
    if (timing.started_at == WallTime{}) timing.started_at = parts_.clock.wall();
    busy_.fetch_busy += timing.total;
    busy_.parse_busy += task_result.parse;
    parts_.plan.complete(std::move(task_result), now);
  }
  void handle(const Written& written, Time now) {
    for (const SubjectHandle subject : written.subjects) parts_.plan.written(subject, now);
  }
  void handle(Committed& committed, Time now) {
    busy_.store_busy += committed.busy;
    parts_.plan.committed(committed.subject, std::move(committed.result), now);
  }
  void handle(Stop& stop, Time) {
    parts_.plan.stop(stop.status, stop.exit_code, std::move(stop.reason), stop.cause);
  }

  // Each does one action of Plan; false: Plan has no other action now.
  bool act(Send& send, Ports& ports) {
    std::get<0>(ports).try_put(TaskMessage(std::in_place, std::move(send.task)));
    return true;
  }
  bool act(Write& write, Ports& ports) {
    write.listing.handed_over = parts_.clock.now();
    write.listing.settled_at = parts_.clock.wall();
    std::get<1>(ports).try_put(ListingMessage(std::in_place, std::move(write.listing)));
    return true;
  }
  bool act(const CancelQueued&, Ports&) {
    parts_.executor.cancel_queued();
    return true;
  }
  bool act(const ReadSubjects&, Ports&) {
    auto block = parts_.subjects.next_block();
    if (block) {
      parts_.plan.offer(std::move(*block));
    } else {
      parts_.plan.subjects_failed(block.error());
    }
    return true;
  }
  bool act(Recall& recall, Ports&) {
    parts_.plan.recalled(parts_.subjects.recall(std::move(recall.subject)));
    return true;
  }
  bool act(Expand& expand, Ports&) {
    auto subjects = parts_.subjects.expand(std::move(expand.subjects));
    if (subjects) {
      parts_.plan.expanded(std::move(*subjects));
    } else {
      parts_.plan.subjects_failed(subjects.error());
    }
    return true;
  }
  bool act(const Notice& notice, Ports&) {
    parts_.say(notice, clock_.wall_time_of(notice.goes_on));
    return true;
  }
  bool act(const WaitUntil& wait, Ports&) {
    timer_.set(clock_.wake_at(wait.time));
    return false;
  }
  bool act(const Wait&, Ports&) { return false; }
  bool act(const Finished&, Ports&) {
    be_over();
    return false;
  }

  const RunParts parts_;
  PlanClock clock_;
  RunTimes busy_;  // used only within planner_is_serial_, as are defect_ and end_ during the run
  SerialSection planner_is_serial_;
  std::optional<Failure> defect_;
  RunEnd end_;
  std::atomic<bool> is_over_ = false;
  const ThreadLimit limit_;  // before the graph
  tbb::flow::graph graph_;
  Writer writer_;
  PlannerNode planner_;
  ExecutorNode executor_;
  WriterNode listings_;
  Timer timer_;  // last: it is destroyed first, and then sends no events
};

RunGraph::RunGraph(const RunParts& parts) : nodes_(std::make_unique<Nodes>(parts)) {}

RunGraph::~RunGraph() = default;

RunEnd RunGraph::run() {
  return nodes_->run();
}

void RunGraph::ask_progress() {
  nodes_->tell(Nodes::Look{});
}

void RunGraph::stop(RunStatus status, ExitCode exit_code, std::string reason) {
  nodes_->tell(Nodes::Stop{status, exit_code, std::move(reason)});
}

}  // namespace repopipe
