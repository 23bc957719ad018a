#include "pipeline/queue/queue_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/queue/queue_replies.h"
#include "pipeline/wire/codec.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// So many tickets are worth a question to Redis, or this part of all that may be out, if that is
// less.
constexpr std::size_t kFew = 6;
constexpr std::size_t kPart = 8;
// How often leases, workers and the keys themselves are looked after.
constexpr auto kLookEvery = 500ms;
// Below that a worker that just waits for its next ticket would count as gone.
constexpr std::chrono::milliseconds kShortestSign = 3s;
// When a queue was lost before anything came of it.
constexpr auto kRest = 1s;

}  // namespace

QueueChannel::QueueChannel(QueueOptions options, Fields fields, const Clock& clock)
    : options_(std::move(options)),
      fields_(fields),
      clock_(clock),
      poster_([this] { post_all(); }),
      collector_([this] { collect_all(); }) {}

QueueChannel::~QueueChannel() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wake_posting_.notify_all();
  wake_collecting_.notify_all();
  poster_.join();
  collector_.join();
  const Failure over{FailureKind::cancelled, "the run is over"};
  for (auto& [id, errand] : out_) bring_home(std::move(errand), over);
  for (Errand& errand : waiting_) bring_home(std::move(errand), over);
}

void QueueChannel::submit(Ticket ticket, Done done) {
  bool posts = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(ticket), std::move(done)});
    posts = may_post();
  }
  if (posts) wake_posting_.notify_one();
}

void QueueChannel::cancel_waiting() {
  {
    const std::lock_guard lock(mutex_);
    withdraws_ = true;
  }
  wake_posting_.notify_one();
}

void QueueChannel::post_all() {
  std::unique_lock lock(mutex_);
  while (!stops_) {
    const auto is_needed = [this] { return stops_ || withdraws_ || lost_ || may_post(); };
    wake_posting_.wait_for(lock, kLookEvery, is_needed);
    const bool withdraws = std::exchange(withdraws_, false);
    const auto lost = std::exchange(lost_, std::nullopt);
    std::vector<Errand> errands;
    if (withdraws) {
      errands.assign(std::move_iterator(waiting_.begin()), std::move_iterator(waiting_.end()));
      waiting_.clear();
    }
    lock.unlock();
    if (lost) lose(*lost);
    const Failure stopping{FailureKind::cancelled, "the run is stopping"};
    for (Errand& errand : errands) bring_home(std::move(errand), stopping);
    if (withdraws) withdraw(stopping);
    lock.lock();
    errands = next_errands(lock);
    lock.unlock();
    if (!errands.empty()) post(std::move(errands));
    look_after();
    lock.lock();
  }
  lock.unlock();
  if (run_) static_cast<void>(run_->close());  // what stays behind ends by itself
}

// Whether several may go out at once: workers have more in hand than they work on.
bool QueueChannel::may_post() const {
  const std::size_t few = std::clamp<std::size_t>(options_.most_out / kPart, 1, kFew);
  return !waiting_.empty() && out_.size() + few <= options_.most_out;
}

// As many as may be out now.
std::vector<Errand> QueueChannel::next_errands(std::unique_lock<std::mutex>&) {
  std::vector<Errand> errands;
  while (!waiting_.empty() && out_.size() + errands.size() < options_.most_out) {
    errands.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return errands;
}

void QueueChannel::post(std::vector<Errand> errands) {
  const Status opened = run_ ? Status{} : open();
  if (!opened) {
    for (Errand& errand : errands) bring_home(std::move(errand), opened.error());
    return;
  }
  std::vector<PostedTicket> tickets;
  {
    const std::lock_guard lock(mutex_);
    for (Errand& errand : errands) {
      tickets.push_back({errand.ticket.id, encode(Order(errand.ticket))});
      out_.emplace(errand.ticket.id, std::move(errand));
    }
  }
  const auto refused = run_->post(tickets);
  if (!refused) return lose(refused.error().message);
  for (const auto& [id, why] : *refused) {
    bring_home(id, {FailureKind::queue, fmt::format("{}: {}", options_.address.shown(), why)});
  }
}

Status QueueChannel::open() {
  if (rests_ && clock_.now() < rests_->until) return fail(FailureKind::queue, rests_->why);
  auto run = QueueRun::open(options_.address, options_.announcement, lost_run_);
  if (!run) return fail(run.error());
  run_.emplace(std::move(*run));
  lost_run_.clear();
  if (std::exchange(was_lost_, false)) {
    options_.warn(fmt::format("{} is there again", options_.address.shown()));
  }
  last_worker_ = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    replies_ = run_->keys().replies;
    has_heard_ = false;
  }
  wake_collecting_.notify_one();
  return {};
}

void QueueChannel::look_after() {
  const Time now = clock_.now();
  if (!run_ || now < next_look_) return;
  next_look_ = now + kLookEvery;
  Status good = check_run();
  if (good) good = check_workers();
  if (!good) lose(good.error().message);
}

Status QueueChannel::check_run() {
  const auto there = run_->renew();
  if (!there) return fail(there.error());
  if (!*there) return fail(FailureKind::queue, kKeysAreGone);
  const auto abandoned = run_->reclaim(options_.announcement.lease);
  if (!abandoned) return fail(abandoned.error());
  for (const std::uint64_t id : *abandoned) {
    bring_home(id, {FailureKind::worker_lost, "its worker gave no sign for the time of a lease"});
  }
  const auto refused = run_->refused();
  if (!refused) return fail(refused.error());
  for (const auto& [worker, why] : *refused) {
    if (warned_.emplace(worker, why).second) {
      options_.warn(fmt::format("worker {} takes no part: {}", worker, why));
    }
  }
  return {};
}

Status QueueChannel::check_workers() {
  const Time now = clock_.now();
  const auto within = std::max(options_.announcement.lease, kShortestSign);
  const auto workers = run_->count_workers(within);
  if (!workers) return fail(workers.error());
  const bool is_time = *workers == 0 && now - last_worker_ >= options_.patience;
  if (*workers > 0 || is_time) last_worker_ = now;
  if (!is_time) return {};
  withdraw({FailureKind::queue,
            fmt::format("nobody takes tickets from {} (repopipe worker --queue would)",
                        options_.address.shown())});
  return {};
}

void QueueChannel::withdraw(const Failure& failure) {
  if (!run_) return;
  const auto ids = run_->withdraw();
  if (!ids) return lose(ids.error().message);
  for (const std::uint64_t id : *ids) bring_home(id, failure);
}

// Whatever was out may have been asked for, and nobody can tell any more.  Workers that still can
// are told to leave it.
void QueueChannel::lose(const std::string& why) {
  if (!run_) return;
  if (!run_->close()) lost_run_ = run_->id();
  run_.reset();
  was_lost_ = true;
  options_.warn(fmt::format("the queue is lost: {}; what was out goes out again", why));
  std::unordered_map<std::uint64_t, Errand> out;
  bool had_heard = false;
  {
    const std::lock_guard lock(mutex_);
    out.swap(out_);
    replies_.reset();
    lost_.reset();
    had_heard = has_heard_;
  }
  rests_.reset();
  if (!had_heard) rests_ = Rest{clock_.now() + kRest, why};
  const Failure failure{FailureKind::worker_lost, "the queue was lost: " + why};
  for (auto& [id, errand] : out) {
    const std::string noun = noun_of(errand.ticket);
    bring_home(std::move(errand), failure.within(noun));
  }
}

void QueueChannel::collect_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_collecting_.wait(lock, [this] { return stops_ || (replies_ && !lost_); });
    if (stops_) return;
    const std::string stream = *replies_;
    lock.unlock();
    const auto is_current = [&] {
      const std::lock_guard guard(mutex_);
      return !stops_ && replies_ == stream;
    };
    const auto take = [this](std::uint64_t id, std::string_view message) {
      take_home(id, message);
    };
    const Status collected = collect_replies(options_.address, stream, is_current, take);
    lock.lock();
    if (!collected && replies_ == stream) lost_ = collected.error().message;
    wake_posting_.notify_one();
  }
}

void QueueChannel::take_home(std::uint64_t id, std::string_view message) {
  auto report = decode_report(message, fields_);
  auto* settlement = report ? std::get_if<Settlement>(&*report) : nullptr;
  if (settlement == nullptr || settlement->ticket.id != id) {
    bring_home(id, {FailureKind::worker_crashed, "its worker sent what is no settlement"});
    return;
  }
  auto errand = take_out(id);
  if (!errand) return;
  {
    const std::lock_guard lock(mutex_);
    has_heard_ = true;
  }
  settle(std::move(*errand), std::move(*settlement), clock_.now());
}

// Nothing when it is not out: it has come home already, or is out again under another number.
std::optional<Errand> QueueChannel::take_out(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = out_.find(id);
  if (found == out_.end()) return std::nullopt;
  Errand errand = std::move(found->second);
  out_.erase(found);
  if (may_post()) wake_posting_.notify_one();
  return errand;
}

void QueueChannel::bring_home(std::uint64_t id, const Failure& failure) {
  auto errand = take_out(id);
  if (!errand) return;
  const bool is_of_ticket = policy_of(failure.kind).fate == Fate::reissue;
  const std::string noun = noun_of(errand->ticket);
  bring_home(std::move(*errand), is_of_ticket ? failure.within(noun) : failure);
}

void QueueChannel::bring_home(Errand errand, const Failure& failure) {
  count_loss(errand.ticket, failure.kind);
  errand.tell(unfinished(std::move(errand.ticket), failure, clock_.wall()));
}

}  // namespace repopipe
