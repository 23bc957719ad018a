#include "pipeline/workers/queue/claimed_tasks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace repopipe {
std::vector<RedisWords> PendingAcks::commands() const {
  if (entries_.empty()) return {};
  RedisWords acknowledge{"XACK", keys_.tasks, kWorkersGroup};
  RedisWords remove{"XDEL", keys_.tasks};
  acknowledge.insert(acknowledge.end(), entries_.begin(), entries_.end());
  remove.insert(remove.end(), entries_.begin(), entries_.end());
  return {std::move(acknowledge), std::move(remove)};
}

namespace {

constexpr Duration kRenewal = std::chrono::seconds(1);
// Milliseconds.  A connected worker asks for tasks more often than this.
constexpr long long kSignOfLife = 3000;

}  // namespace

std::optional<std::size_t> ConcurrencyShare::look(Redis& redis, Time now) {
  if (now < next_look_) return std::nullopt;
  next_look_ = now + kRenewal;
  const auto reply = redis.ask({"XINFO", "CONSUMERS", keys_.tasks, kWorkersGroup});
  if (!reply || reply->value().is_error()) return std::nullopt;
  std::size_t others = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < reply->value().size(); ++i) {
    const RedisValue consumer = reply->value()[i];
    const auto other = consumer.member("name").text();
    if (other == name_ || other == kRunItself) continue;
    if (consumer.member("idle").number() >= kSignOfLife) continue;
    ++others;
    if (other < name_) ++before;
  }
  has_others_ = others > 0;
  const std::size_t all = others + 1;
  const std::size_t share = exchanges_ / all + (before < exchanges_ % all ? 1 : 0);
  return std::max<std::size_t>(share, 1);
}

namespace {

// Waiting for more tasks than this does not pay.
constexpr std::size_t kSeveral = 4;

}  // namespace

std::size_t ClaimedTasks::room() const {
  const std::size_t most = tasks_for(share_);
  const std::size_t room = most - std::min(most, ids_.size());
  const std::size_t half = (most - share_ + 1) / 2;  // of the tasks that may wait
  return room >= std::min(half, kSeveral) ? room : 0;
}

void ClaimedTasks::add(Entry taken) {
  ids_.insert(taken.id);
  waiting_.push_back(std::move(taken));
}

std::vector<ClaimedTasks::Entry> ClaimedTasks::begin_some() {
  std::vector<Entry> begun;
  for (; !waiting_.empty() && begun_ < share_; ++begun_) {
    begun.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return begun;
}

std::vector<ClaimedTasks::Entry> ClaimedTasks::call_back(std::uint64_t last) {
  const auto called = std::stable_partition(waiting_.begin(), waiting_.end(),
                                            [last](const Entry& it) { return it.task.id > last; });
  std::vector<Entry> back(std::make_move_iterator(called), std::make_move_iterator(waiting_.end()));
  waiting_.erase(called, waiting_.end());
  return back;
}

}  // namespace repopipe
