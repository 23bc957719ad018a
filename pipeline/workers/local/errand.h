// A ticket that somebody else carries out, and whom to tell what came of it.
#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/failure.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/reply.h"
#include "pipeline/model/seams.h"
#include "pipeline/model/ticket.h"

namespace repopipe {

// Destroyed without having been told, as by an exception, its ticket comes home as `internal`.
// `done` must not throw.
struct Errand {
  Errand(Ticket its_ticket, Channel::Done whom);
  Errand(Errand&& other) noexcept;
  Errand& operator=(Errand&& other) noexcept;
  ~Errand();

  // To be called once; the ticket may have been moved into `settlement`.
  void tell(Settlement settlement);

  Ticket ticket;
  Channel::Done done;
};

// Counts a worker that was lost, or that crashed, against the ticket that it had; nothing else.
void count_loss(Ticket& ticket, FailureKind kind);

// The settlement of a ticket that nobody has fetched or parsed.
Settlement unfinished(Ticket ticket, Failure failure, WallTime now);

// The settlement of a ticket over which parse gave up: what was thrown.
Settlement crashed_over(Fetched fetched, const Failure& failure, WallTime now);

// Tells of a settlement that came over a wire, without its ticket.  All the time that was neither
// fetching nor parsing counts as queued.
void settle(Errand errand, Settlement settlement, Time now);

}  // namespace repopipe
