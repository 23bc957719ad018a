#include "pipeline/queue/queue_session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/core/text.h"
#include "pipeline/wire/codec.h"
#include "pipeline/workers/errand.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBlock = "500";
// Before something that Redis refused, for lack of memory perhaps, is sent again.
constexpr std::chrono::milliseconds kPause = 200ms;
// Between two signs of life, whatever the lease.
constexpr Duration kLongestSilence = 1s;

}  // namespace

QueueSession::QueueSession(SessionOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      keys_(options_.address.prefix, options_.run),
      share_(keys_, options_.name, static_cast<std::size_t>(options_.pool.settings.concurrency)),
      pool_(options_.pool, {}, clock),
      taker_([this] { take_all(); }),
      sender_([this] { send_all(); }) {}

QueueSession::~QueueSession() {
  leave();
}

void QueueSession::leave() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wake_taking_.notify_all();
  wake_sending_.notify_all();
  if (taker_.joinable()) taker_.join();
  if (sender_.joinable()) sender_.join();
}

void QueueSession::drain() {
  {
    const std::lock_guard lock(mutex_);
    drains_ = true;
  }
  wake_taking_.notify_all();
  wake_sending_.notify_all();
}

std::string QueueSession::trouble() {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

// Empty: the run is over.
void QueueSession::end(const std::string& trouble) {
  {
    const std::lock_guard lock(mutex_);
    if (trouble_.empty()) trouble_ = trouble;
    stops_ = true;
  }
  is_over_ = true;
  wake_taking_.notify_all();
  wake_sending_.notify_all();
}

// What Redis has handed out when the drain begins is taken yet.
void QueueSession::take_all() {
  const Status taken = take_until_told();
  if (!taken) end(taken.error().message);
  {
    const std::lock_guard lock(mutex_);
    takes_ = false;
  }
  wake_sending_.notify_all();
}

Status QueueSession::take_until_told() {
  auto redis = Redis::connect(options_.address);
  if (!redis) return fail(redis.error());
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_taking_.wait(lock, [this] { return stops_ || drains_ || taken_.room() > 0; });
      if (stops_ || drains_) return {};
    }
    if (auto taken = take_some(*redis); !taken) return taken;
  }
}

Status QueueSession::take_some(Redis& redis) {
  const auto share = share_.look(redis, clock_.now());
  std::string count;
  {
    const std::lock_guard lock(mutex_);
    if (share) taken_.set_share(*share);
    count = std::to_string(std::max<std::size_t>(taken_.room(), 1));
  }
  const auto reply = redis.ask({"XREADGROUP", "GROUP", kWorkersGroup, options_.name, "COUNT", count,
                                "BLOCK", kBlock, "STREAMS", keys_.tickets, ">"});
  if (!reply) return fail(reply.error());
  if (reply->value().is_error()) {
    const std::string_view error = reply->value().text();
    const bool is_gone = error.starts_with("NOGROUP") || error.starts_with("UNBLOCKED");
    return fail(FailureKind::queue, is_gone ? "" : "Redis: " + printable(error));
  }
  const RedisValue entries = reply->value()[0][1];
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const RedisValue fields = entries[i][1];
    take(entries[i][0].text(), fields.member(kTicketField).number_in_text(),
         fields.member(kMessageField).text());
  }
  return {};
}

void QueueSession::take(std::string_view entry, std::uint64_t id, std::string_view message) {
  auto order = decode_order(message);
  auto* ticket = order ? std::get_if<Ticket>(&*order) : nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (ticket == nullptr) {
      taken_.add(std::string(entry));
    } else {
      taken_.add({std::string(entry), std::move(*ticket)});
    }
  }
  if (ticket != nullptr) return begin_some();
  Ticket unread;
  unread.id = id;
  const Failure failure{FailureKind::worker_crashed, "the worker cannot read its ticket"};
  finish(std::string(entry), unfinished(std::move(unread), failure, clock_.wall()));
}

// What is beyond the share waits here, so that the next exchange need not wait for Redis.
void QueueSession::begin_some() {
  std::vector<TakenTickets::Entry> begun;
  {
    const std::lock_guard lock(mutex_);
    if (stops_) return;
    begun = taken_.begin_some();
  }
  for (TakenTickets::Entry& each : begun) {
    each.ticket.sent = clock_.now();
    auto done = [this, entry = std::move(each.id)](Settlement settlement) {
      {
        const std::lock_guard lock(mutex_);
        taken_.settled();
      }
      begin_some();
      finish(entry, std::move(settlement));
    };
    pool_.submit(std::move(each.ticket), std::move(done));
  }
}

// A worker that cannot work leaves its tickets to others, after the lease.
void QueueSession::finish(std::string entry, Settlement settlement) {
  if (!settlement.result && settlement.result.error().kind == FailureKind::internal) {
    return end(settlement.result.error().message);
  }
  const std::uint64_t ticket = settlement.ticket.id;
  std::string message = std::move(settlement.encoded);
  if (message.empty()) message = encode(WorkerReport(std::move(settlement)));
  {
    const std::lock_guard lock(mutex_);
    finished_.push_back({std::move(entry), ticket, std::move(message)});
  }
  wake_sending_.notify_one();
}

void QueueSession::send_all() {
  auto redis = Redis::connect(options_.address);
  if (!redis) return end(redis.error().message);
  const Duration renewal = std::min<Duration>(options_.lease / 4, kLongestSilence);
  Time next_renewal = clock_.now();
  std::vector<Finished> finished;
  while (wait_for_finished(finished, renewal)) {
    Status good = finished.empty() ? Status{} : send(*redis, finished);
    if (good && clock_.now() >= next_renewal) {
      good = renew(*redis);
      next_renewal = clock_.now() + renewal;
    }
    if (!good) return end(good.error().message);
  }
  {
    const std::lock_guard lock(mutex_);
    if (stops_) return;
  }
  std::vector<RedisWords> last = receipts_.commands();
  last.push_back({"XGROUP", "DELCONSUMER", keys_.tickets, kWorkersGroup, options_.name});
  const auto left = redis->ask_all(last);
  end(left ? "" : left.error().message);
}

// False when there is nothing more to send, or no more point in it.  What Redis has refused stays
// in `finished`, and is tried again after a while.
bool QueueSession::wait_for_finished(std::vector<Finished>& finished, Duration longest) {
  std::unique_lock lock(mutex_);
  const auto is_drained = [this] { return drains_ && !takes_ && taken_.is_empty(); };
  if (finished.empty()) {
    refused_since_.reset();
    wake_sending_.wait_for(lock, longest,
                           [&] { return stops_ || !finished_.empty() || is_drained(); });
  } else {
    if (!refused_since_) refused_since_ = clock_.now();
    wake_sending_.wait_for(lock, kPause, [this] { return stops_; });
  }
  std::ranges::move(finished_, std::back_inserter(finished));
  finished_.clear();
  if (stops_) return false;
  if (!drains_ || !refused_since_ || clock_.now() - *refused_since_ < options_.lease) {
    return !(is_drained() && finished.empty());
  }
  lock.unlock();
  end("Redis takes no replies; others get what it had");
  return false;
}

// First the reply, then the receipt: what falls between is sent twice, and the run takes one.
Status QueueSession::send(Redis& redis, std::vector<Finished>& finished) {
  std::vector<RedisWords> commands = receipts_.commands();
  const std::size_t before = commands.size();
  std::vector<std::string> numbers(finished.size());
  for (std::size_t i = 0; i < finished.size(); ++i) {
    numbers[i] = std::to_string(finished[i].ticket);
    commands.push_back({"XADD", keys_.replies, "NOMKSTREAM", "*", kTicketField, numbers[i],
                        kMessageField, finished[i].message});
  }
  const auto replies = redis.ask_all(commands);
  if (!replies) return fail(replies.error());
  receipts_.clear();
  std::vector<std::string> answered;
  std::vector<Finished> refused;
  for (std::size_t i = 0; i < finished.size(); ++i) {
    const RedisValue added = (*replies)[before + i].value();
    if (added.is_nil()) return fail(FailureKind::queue, "");  // the run is over
    if (added.is_error()) {
      refused.push_back(std::move(finished[i]));
    } else {
      answered.push_back(std::move(finished[i].entry));
    }
  }
  finished = std::move(refused);
  bool may_take = false;
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& entry : answered) taken_.remove(entry);
    may_take = taken_.room() > 0;
  }
  if (may_take) wake_taking_.notify_one();
  settled_ += answered.size();
  for (std::string& entry : answered) receipts_.add(std::move(entry));
  return {};
}

// Keeps what is in hand, and sees whether the run is still there.  To wait for tickets is no sign
// of life before Redis 7.2; to ask for one's own is, though there are none behind the last id.
Status QueueSession::renew(Redis& redis) {
  const std::vector<std::string> entries = [this] {
    const std::lock_guard lock(mutex_);
    return taken_.ids();
  }();
  std::vector<RedisWords> commands{{"EXISTS", keys_.run},
                                   {"GET", keys_.withdrawn},
                                   {"XREADGROUP", "GROUP", kWorkersGroup, options_.name, "COUNT",
                                    "1", "STREAMS", keys_.tickets, kBeyondEverything}};
  if (!entries.empty()) {
    RedisWords claim{"XCLAIM", keys_.tickets, kWorkersGroup, options_.name, "0"};
    claim.insert(claim.end(), entries.begin(), entries.end());
    claim.emplace_back("JUSTID");
    commands.push_back(std::move(claim));
  }
  std::ranges::move(receipts_.commands(), std::back_inserter(commands));  // without company
  const auto replies = redis.ask_all(commands);
  if (!replies) return fail(replies.error());
  receipts_.clear();
  if (replies->front().value().number() == 0) return fail(FailureKind::queue, "");
  call_back((*replies)[1].value().number_in_text());
  return {};
}

void QueueSession::call_back(std::uint64_t last) {
  std::vector<TakenTickets::Entry> back = [&] {
    const std::lock_guard lock(mutex_);
    return taken_.call_back(last);
  }();
  const Failure stopping{FailureKind::cancelled, "the run is stopping"};
  for (TakenTickets::Entry& each : back) {
    finish(std::move(each.id), unfinished(std::move(each.ticket), stopping, clock_.wall()));
  }
}

}  // namespace repopipe
