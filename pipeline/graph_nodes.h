// Fetch and parse as oneTBB nodes, for the graph of a run and for that of a worker process.  Only
// files about graphs include this.
#pragma once

#include <tbb/enumerable_thread_specific.h>
#include <tbb/flow_graph.h>

#include <utility>

#include "pipeline/core/clock.h"
#include "pipeline/parcel.h"
#include "pipeline/work_place.h"
#include "stages/parse.h"

namespace repopipe {

// A message is on its way outside the graph, which must not end before it is back.
template <class Out, class Gateway>
auto reserve(Gateway& gateway) {
  gateway.reserve_wait();
  return [&gateway](auto value) {
    gateway.try_put(Parcel<Out>(std::move(value)));
    gateway.release_wait();
  };
}

// Its body only hands over to another thread, so it needs no task of its own: a body that is
// noexcept runs within try_put (oneTBB takes a node for a lightweight one only then), so what is
// put before a `cancel_waiting` is there when it comes.
template <class In, class Out>
using HandOverNode =
    tbb::flow::async_node<Parcel<In>, Parcel<Out>, tbb::flow::queueing_lightweight>;

// Tickets in, settlements out, wrapped as `Out`.
template <class Out>
class FetchParse {
 public:
  // Keeps what `here` refers to, and the clock.
  FetchParse(tbb::flow::graph& graph, const Here& here, const Clock& clock)
      : fetch_(graph, tbb::flow::unlimited,
               [here](const Parcel<Ticket>& parcel, FetchNode::gateway_type& gateway) noexcept {
                 here.engine.submit(parcel.take(), reserve<Fetched>(gateway));
               }),
        parse_(graph, static_cast<std::size_t>(here.parse_concurrency),
               [this, here, &clock](const Parcel<Fetched>& parcel) {
                 return Parcel<Out>(parse_reply(parcel.take(), here.provider, here.max_body, clock,
                                                scratch_.local()));
               }) {
    tbb::flow::make_edge(fetch_, parse_);
  }

  tbb::flow::receiver<Parcel<Ticket>>& input() { return fetch_; }
  tbb::flow::sender<Parcel<Out>>& output() { return parse_; }

 private:
  using FetchNode = HandOverNode<Ticket, Fetched>;

  tbb::enumerable_thread_specific<ParseScratch> scratch_;
  FetchNode fetch_;
  tbb::flow::function_node<Parcel<Fetched>, Parcel<Out>> parse_;
};

}  // namespace repopipe
