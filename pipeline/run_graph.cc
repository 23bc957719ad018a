#include "pipeline/run_graph.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <tuple>

#include "pipeline/alarm.h"
#include "pipeline/parcel.h"
#include "pipeline/planner_node.h"
#include "pipeline/serial_section.h"
#include "pipeline/writer.h"
#include "stages/parse.h"

namespace repopipe {
namespace {

using EventParcel = Parcel<Event>;
using TicketParcel = Parcel<Ticket>;
using FetchedParcel = Parcel<Fetched>;
using ListingParcel = Parcel<Listing>;

// Their bodies only hand over to another thread, so they need no task of their own.
using FetchNode =
    tbb::flow::async_node<TicketParcel, FetchedParcel, tbb::flow::queueing_lightweight>;
using StoreNode =
    tbb::flow::async_node<ListingParcel, EventParcel, tbb::flow::queueing_lightweight>;
using PlannerGraphNode =
    tbb::flow::multifunction_node<EventParcel, std::tuple<TicketParcel, ListingParcel>>;
using ParseNode = tbb::flow::function_node<FetchedParcel, EventParcel>;

// A message is on its way outside the graph, which must not end before it is back.
template <class Out, class Gateway>
auto reserve(Gateway& gateway) {
  gateway.reserve_wait();
  return [&gateway](auto value) {
    gateway.try_put(Parcel<Out>(std::move(value)));
    gateway.release_wait();
  };
}

}  // namespace

class RunGraph::Nodes {
 public:
  explicit Nodes(const RunParts& parts)
      : parts_(parts),
        body_(parts.plan, parts.keys, parts.clock),
        writer_(parts.store, parts.clock),
        planner_(graph_, tbb::flow::serial,
                 [this](const EventParcel& parcel, auto& ports) {
                   Event event = parcel.take();
                   planner_is_serial_.run([&] { plan(std::move(event), ports); });
                 }),
        fetch_(graph_, tbb::flow::unlimited,
               [this](const TicketParcel& parcel, FetchNode::gateway_type& gateway) {
                 Ticket ticket = parcel.take();
                 parts_.engine.submit(std::move(ticket), reserve<Fetched>(gateway));
               }),
        parse_(graph_, static_cast<std::size_t>(parts.parse_concurrency),
               [this](const FetchedParcel& parcel) {
                 Fetched fetched = parcel.take();
                 return EventParcel(parse_reply(std::move(fetched), parts_.provider,
                                                parts_.max_body, parts_.clock, scratch_.local()));
               }),
        store_(graph_, tbb::flow::unlimited,
               [this](const ListingParcel& parcel, StoreNode::gateway_type& gateway) {
                 Listing listing = parcel.take();
                 writer_.submit(std::move(listing), reserve<Event>(gateway));
               }),
        alarm_([this] { tell(Wake{}); }) {
    tbb::flow::make_edge(tbb::flow::output_port<0>(planner_), fetch_);
    tbb::flow::make_edge(fetch_, parse_);
    tbb::flow::make_edge(parse_, planner_);
    tbb::flow::make_edge(tbb::flow::output_port<1>(planner_), store_);
    tbb::flow::make_edge(store_, planner_);
    graph_.reserve_wait();  // until Plan says that it is over, which may be before `run`
  }

  RunEnd run() {
    tell(Wake{});
    graph_.wait_for_all();
    RunEnd end;
    planner_is_serial_.run([&] { end = body_.end(); });
    return end;
  }

  void tell(Event event) { planner_.try_put(EventParcel(std::move(event))); }

 private:
  void plan(Event event, PlannerGraphNode::output_ports_type& ports) {
    body_.handle(
        std::move(event),
        {.send =
             [&](Ticket ticket) { std::get<0>(ports).try_put(TicketParcel(std::move(ticket))); },
         .keep = [&](Listing kept) { std::get<1>(ports).try_put(ListingParcel(std::move(kept))); },
         .say = parts_.say,
         .wake_at = [this](Time time) { alarm_.set(time); },
         .cancel_waiting = [this] { parts_.engine.cancel_waiting(); },
         .over = [this] { graph_.release_wait(); }});
  }

  const RunParts parts_;
  PlannerNode body_;
  SerialSection planner_is_serial_;
  tbb::enumerable_thread_specific<ParseScratch> scratch_;
  tbb::flow::graph graph_;
  Writer writer_;
  PlannerGraphNode planner_;
  FetchNode fetch_;
  ParseNode parse_;
  StoreNode store_;
  Alarm alarm_;  // last: it is silent before any node is gone
};

RunGraph::RunGraph(const RunParts& parts) : nodes_(std::make_unique<Nodes>(parts)) {}

RunGraph::~RunGraph() = default;

RunEnd RunGraph::run() {
  return nodes_->run();
}

void RunGraph::stop(RunStatus status, ExitCode exit_code, std::string reason) {
  nodes_->tell(StopOrder{status, exit_code, std::move(reason)});
}

}  // namespace repopipe
