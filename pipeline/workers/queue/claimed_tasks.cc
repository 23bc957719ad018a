#include "pipeline/workers/queue/claimed_tasks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace repopipe {
namespace {

// More are not worth waiting for.
constexpr std::size_t kSeveral = 4;

}  // namespace

std::size_t ClaimedTasks::room() const {
  const std::size_t most = tasks_for(share_);
  const std::size_t room = most - std::min(most, ids_.size());
  const std::size_t half = (most - share_ + 1) / 2;  // of those that may wait
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
