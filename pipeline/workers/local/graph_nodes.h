// Fetch and parse as oneTBB nodes, for the graph of a run and for that of a worker process.  Only
// files about graphs include this.
#pragma once

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/info.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/base/message.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/workers/local/errand.h"
#include "pipeline/workers/local/work_place.h"
#include "stages/parse/parse.h"

namespace repopipe {

// TBB starts threads when it likes, and what it throws when it cannot leaves it broken: it is kept
// to as many as there can be, and `warn` takes a line.  Make it before the graph.
class ThreadLimit {
 public:
  explicit ThreadLimit(const std::function<void(const std::string&)>& warn) {
    const auto wanted = static_cast<std::size_t>(tbb::info::default_concurrency()) - 1;
    const std::size_t startable = startable_threads(wanted);
    if (startable == wanted) return;
    limit_.emplace(tbb::global_control::max_allowed_parallelism, startable + 1);
    warn(
        fmt::format("pages are parsed on {} of {} threads: no more can be started, see ulimit -u "
                    "and ulimit -v, or TasksMax of the service",
                    startable + 1, wanted + 1));
  }

 private:
  std::optional<tbb::global_control> limit_;
};

// A message is on its way outside the graph, which must not end before it is back.  Nobody could
// tell the planner of one that cannot even be packed, nor of a task that TBB took and then could
// not start a thread for: then the process ends (core/caught.h).
template <class Out, class Gateway>
auto reserve(Gateway& gateway) {
  gateway.reserve_wait();
  return [&gateway](auto value) {
    or_end([&] {
      gateway.try_put(Message<Out>(std::move(value)));
      gateway.release_wait();
    });
  };
}

// Its body only hands over to another thread, so it needs no task of its own: a body that is
// noexcept runs within try_put (oneTBB takes a node for a lightweight one only then), so what is
// put before a `cancel_queued` is there when it comes.
template <class In, class Out>
using HandOverNode =
    tbb::flow::async_node<Message<In>, Message<Out>, tbb::flow::queueing_lightweight>;

// What parse throws is a failure of this task, counted like a crash of its worker.
inline TaskResult parse_or_crash(Fetched fetched, const Here& here, const Clock& clock,
                                 tbb::enumerable_thread_specific<ParseScratch>& scratch) noexcept {
  TaskResult task_result;
  try {
    task_result =
        parse_response(std::move(fetched), here.protocol, here.max_body, clock, scratch.local());
  } catch (...) {
    task_result = crashed_over(std::move(fetched), caught_over_task(), clock.wall());
  }
  if (!task_result.result) count_loss(task_result.task, task_result.result.error().kind);
  return task_result;
}

// Tasks in, task results out, wrapped as `Out`.
template <class Out>
class FetchParse {
 public:
  // Keeps what `here` refers to, and the clock.
  FetchParse(tbb::flow::graph& graph, const Here& here, const Clock& clock)
      : fetch_(graph, tbb::flow::unlimited,
               [here](const Message<Task>& message, FetchNode::gateway_type& gateway) noexcept {
                 here.engine.submit(message.take(), reserve<Fetched>(gateway));
               }),
        parse_(graph, static_cast<std::size_t>(here.parse_concurrency),
               [this, here, &clock](const Message<Fetched>& message) noexcept {
                 return or_end([&] {
                   return Message<Out>(parse_or_crash(message.take(), here, clock, scratch_));
                 });
               }) {
    tbb::flow::make_edge(fetch_, parse_);
  }

  tbb::flow::receiver<Message<Task>>& input() { return fetch_; }
  tbb::flow::sender<Message<Out>>& output() { return parse_; }

 private:
  using FetchNode = HandOverNode<Task, Fetched>;

  tbb::enumerable_thread_specific<ParseScratch> scratch_;
  FetchNode fetch_;
  tbb::flow::function_node<Message<Fetched>, Message<Out>> parse_;
};

}  // namespace repopipe
