#include "pipeline/workers/local/errand.h"

#include <algorithm>
#include <utility>

namespace repopipe {

Errand::Errand(Task its_task, Channel::Done whom)
    : task(std::move(its_task)), done(std::move(whom)) {}

Errand::Errand(Errand&& other) noexcept
    : task(std::move(other.task)), done(std::exchange(other.done, nullptr)) {}

Errand& Errand::operator=(Errand&& other) noexcept {
  Errand before(std::move(*this));
  task = std::move(other.task);
  done = std::exchange(other.done, nullptr);
  return *this;
}

Errand::~Errand() {
  if (done) tell(unfinished(std::move(task), {FailureKind::internal, "a task was lost"}, {}));
}

void Errand::tell(Settlement settlement) {
  const Channel::Done whom = std::exchange(done, nullptr);
  whom(std::move(settlement));
}

void count_loss(Task& task, FailureKind kind) {
  if (kind == FailureKind::worker_lost) ++task.losses;
  if (kind == FailureKind::worker_crashed) ++task.crashes;
}

Settlement unfinished(Task task, Failure failure, WallTime now) {
  Settlement settlement;
  settlement.exchange.page = task.request.page;
  settlement.exchange.attempt = task.attempt;
  settlement.exchange.timing.started_at = now;
  settlement.exchange.outcome = policy_of(failure.kind).name;
  settlement.exchange.error = failure.message;
  settlement.task = std::move(task);
  settlement.result = fail(std::move(failure));
  return settlement;
}

Settlement crashed_over(Fetched fetched, const Failure& failure, WallTime now) {
  Settlement settlement = unfinished(std::move(fetched.task), failure, now);
  settlement.exchange.timing = fetched.timing;
  if (fetched.reply) settlement.exchange.status = fetched.reply->status;
  if (fetched.reply) settlement.exchange.bytes = fetched.reply->wire_bytes;
  settlement.result = fail(failure.within(noun_of(settlement.task)));
  return settlement;
}

void settle(Errand errand, Settlement settlement, Time now) {
  Task& task = errand.task;
  const Duration busy = settlement.exchange.timing.total + settlement.parse;
  settlement.queued = std::max(now - task.sent - busy, Duration{});
  if (!settlement.result) count_loss(task, settlement.result.error().kind);
  settlement.task = std::move(task);
  errand.tell(std::move(settlement));
}

}  // namespace repopipe
