#include "pipeline/workers/local/errand.h"

#include <algorithm>
#include <utility>

namespace repopipe {

Errand::Errand(Ticket its_ticket, Channel::Done whom)
    : ticket(std::move(its_ticket)), done(std::move(whom)) {}

Errand::Errand(Errand&& other) noexcept
    : ticket(std::move(other.ticket)), done(std::exchange(other.done, nullptr)) {}

Errand& Errand::operator=(Errand&& other) noexcept {
  Errand before(std::move(*this));
  ticket = std::move(other.ticket);
  done = std::exchange(other.done, nullptr);
  return *this;
}

Errand::~Errand() {
  if (done) tell(unfinished(std::move(ticket), {FailureKind::internal, "a task was lost"}, {}));
}

void Errand::tell(Settlement settlement) {
  const Channel::Done whom = std::exchange(done, nullptr);
  whom(std::move(settlement));
}

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

Settlement crashed_over(Fetched fetched, const Failure& failure, WallTime now) {
  Settlement settlement = unfinished(std::move(fetched.ticket), failure, now);
  settlement.exchange.timing = fetched.timing;
  if (fetched.reply) settlement.exchange.status = fetched.reply->status;
  if (fetched.reply) settlement.exchange.bytes = fetched.reply->wire_bytes;
  settlement.result = fail(failure.within(noun_of(settlement.ticket)));
  return settlement;
}

void settle(Errand errand, Settlement settlement, Time now) {
  Ticket& ticket = errand.ticket;
  const Duration busy = settlement.exchange.timing.total + settlement.parse;
  settlement.queued = std::max(now - ticket.sent - busy, Duration{});
  if (!settlement.result) count_loss(ticket, settlement.result.error().kind);
  settlement.ticket = std::move(ticket);
  errand.tell(std::move(settlement));
}

}  // namespace repopipe
