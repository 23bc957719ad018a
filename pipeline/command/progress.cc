#include "pipeline/command/progress.h"

#include <fmt/format.h>

#include <utility>

#include "pipeline/command/streams.h"
#include "pipeline/core/thread.h"
#include "pipeline/core/units.h"

namespace repopipe {

Result<Stored> CountingStore::add(const Listing& listing) {
  auto stored = inner_.add(listing);
  if (stored) {
    group_.push_back(*stored);
  } else {
    group_.clear();
  }
  return stored;
}

Status CountingStore::commit() {
  const auto group = std::exchange(group_, {});
  const Status committed = inner_.commit();
  if (!committed) return committed;
  for (const Stored& user : group) {
    if (user.outcome == Outcome::abandoned) continue;
    users_ += 1;
    repos_ += user.repos;
    if (user.outcome == Outcome::failed) failures_ += 1;
  }
  return {};
}

void CountingStore::abandon() noexcept {
  group_.clear();
  inner_.abandon();
}

ProgressLine::ProgressLine(const CountingStore& store, std::uint64_t total)
    : store_(store), total_(total) {
  auto thread = start_thread(
      "progress", [this] { show_on(); }, [](const Failure&) {});
  if (thread) thread_ = std::move(*thread);
}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  say("\r\x1b[K");
}

void ProgressLine::show_on() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    say(fmt::format("\r\x1b[K{} of {} users, {} repositories, {} failed", show(store_.users()),
                    show(total_), show(store_.repos()), show(store_.failures())));
  }
}

}  // namespace repopipe
