// A ticket that somebody else carries out, and whom to tell what came of it.
#pragma once

#include "pipeline/core/clock.h"
#include "pipeline/core/failure.h"
#include "pipeline/core/listing.h"
#include "pipeline/core/seams.h"
#include "pipeline/core/ticket.h"

namespace repopipe {

struct Errand {
  Ticket ticket;
  Channel::Done done;
};

// Counts a worker that was lost, or that crashed, against the ticket that it had; nothing else.
void count_loss(Ticket& ticket, FailureKind kind);

// The settlement of a ticket that nobody has fetched or parsed.
Settlement unfinished(Ticket ticket, Failure failure, WallTime now);

// Tells of a settlement that came over a wire, without its ticket.  All the time that was neither
// fetching nor parsing counts as queued.
void settle(Errand errand, Settlement settlement, Time now);

}  // namespace repopipe
