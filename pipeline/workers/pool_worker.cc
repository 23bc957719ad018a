#include "pipeline/workers/pool_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/core/match.h"
#include "pipeline/wire/codec.h"

namespace repopipe {
namespace {

constexpr int kCrashesBeforeAlone = 2;

// Half as many tickets again as exchanges, and a few more: so that a worker need not wait for the
// next one, and a slow worker does not hold many.
std::size_t most_in_hand(std::size_t share) {
  return share + share / 2 + 8;
}

}  // namespace

PoolWorker::PoolWorker(Child child, const Welcome& welcome, std::size_t longest_message, Time now)
    : child_(std::move(child)),
      line_(child_.socket(), longest_message),
      share_(static_cast<std::size_t>(welcome.settings.concurrency)),
      last_sign_(now) {
  line_.send(encode(Order(welcome)));
}

bool PoolWorker::can_take(const Ticket& ticket) const {
  if (is_alone_with_one_) return false;
  if (ticket.crashes >= kCrashesBeforeAlone) return in_hand_.empty();
  return in_hand_.size() < most_in_hand(share_);
}

void PoolWorker::take(Errand errand, Time now) {
  if (in_hand_.empty()) last_sign_ = now;
  is_alone_with_one_ = errand.ticket.crashes >= kCrashesBeforeAlone;
  line_.send(encode(Order(errand.ticket)));
  in_hand_.emplace(errand.ticket.id, std::move(errand));
}

void PoolWorker::withdraw_waiting() {
  line_.send(encode(Order(WithdrawWaiting{})));
}

Status PoolWorker::listen(Fields fields, const std::string& version, Time now) {
  const auto messages = line_.receive();
  if (!messages) return fail(messages.error());
  for (const std::string& message : *messages) {
    if (auto heard = hear(message, fields, version, now); !heard) return heard;
  }
  return {};
}

Status PoolWorker::hear(const std::string& message, Fields fields, const std::string& version,
                        Time now) {
  auto report = decode_report(message, fields);
  if (!report) return fail(report.error());
  last_sign_ = now;
  return std::visit(
      Match{[&](Ready& ready) -> Status {
              is_ready_ = true;
              if (ready.version == version) return {};
              return fail(FailureKind::malformed, fmt::format("is of version {}", ready.version));
            },
            [&](Settlement& settlement) -> Status { return settle(std::move(settlement), now); }},
      *report);
}

Status PoolWorker::settle(Settlement settlement, Time now) {
  const auto found = in_hand_.find(settlement.ticket.id);
  if (found == in_hand_.end()) {
    return fail(FailureKind::malformed, "settled a ticket that it did not have");
  }
  Errand errand = std::move(found->second);
  in_hand_.erase(found);
  is_alone_with_one_ = false;
  repopipe::settle(std::move(errand), std::move(settlement), now);
  return {};
}

std::vector<Errand> PoolWorker::leave_behind() {
  std::vector<Errand> errands;
  for (auto& [id, errand] : in_hand_) errands.push_back(std::move(errand));
  in_hand_.clear();
  return errands;
}

}  // namespace repopipe
