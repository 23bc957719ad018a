#include "pipeline/workers/errand.h"

#include <algorithm>
#include <utility>

namespace repopipe {

void count_loss(Ticket& ticket, FailureKind kind) {
  if (kind == FailureKind::worker_lost) ++ticket.losses;
  if (kind == FailureKind::worker_crashed) ++ticket.crashes;
}

Settlement unfinished(Ticket ticket, Failure failure, WallTime now) {
  Settlement settlement;
  settlement.exchange.page = ticket.request.page;
  settlement.exchange.attempt = ticket.attempt;
  settlement.exchange.timing.started_at = now;
  settlement.exchange.outcome = policy_of(failure.kind).name;
  settlement.exchange.error = failure.message;
  settlement.ticket = std::move(ticket);
  settlement.result = fail(std::move(failure));
  return settlement;
}

void settle(Errand errand, Settlement settlement, Time now) {
  Ticket& ticket = errand.ticket;
  const Duration busy = settlement.exchange.timing.total + settlement.parse;
  settlement.queued = std::max(now - ticket.sent - busy, Duration{});
  if (!settlement.result) count_loss(ticket, settlement.result.error().kind);
  settlement.ticket = std::move(ticket);
  errand.done(std::move(settlement));
}

}  // namespace repopipe
