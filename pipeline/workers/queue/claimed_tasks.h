// What a worker owes the stream of tasks: that those are done whose replies are on Redis.
// PendingAcks wait for the next thing that is sent there, and need no round trip of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/task.h"
#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"

namespace repopipe {
// Threading: one thread at a time.
class PendingAcks {
 public:
  // `keys` are those of the run.
  explicit PendingAcks(const QueueKeys& keys) : keys_(keys) {}

  void add(std::string entry) { entries_.push_back(std::move(entry)); }
  // To be sent ahead of others; none when nothing is owed.  Their words live until the next change.
  std::vector<RedisWords> commands() const;
  // They are on Redis.
  void clear() { entries_.clear(); }

 private:
  const QueueKeys& keys_;
  std::vector<std::string> entries_;
};

// How many of a run's exchanges are one worker's: those who are there share them, in the order of
// their names, so that all together make no more than `fetch.concurrency`, but for the second that
// it takes to notice a new one.  What the API allows holds all the time: no more tasks are out.

// Threading: one thread at a time.
class ConcurrencyShare {
 public:
  // Of `exchanges`, for the worker `name`.
  ConcurrencyShare(QueueKeys keys, std::string name, std::size_t exchanges)
      : keys_(std::move(keys)), name_(std::move(name)), exchanges_(exchanges) {}

  // At least one.  Nothing when it is too early to look again, or Redis does not tell.
  std::optional<std::size_t> look(Redis& redis, Time now);
  // Whether other workers were there at the last look.
  bool has_others() const { return has_others_; }

 private:
  const QueueKeys keys_;
  const std::string name_;
  const std::size_t exchanges_;
  Time next_look_{};
  bool has_others_ = false;
};

// The tasks that a worker has of a run, by their entries on its stream: those that its processes
// work on, no more than its share, and those that wait for one of these to be done.

// Tasks with workers for so many exchanges at a time: half as many again, so that one is at hand
// when another is done.
constexpr std::size_t tasks_for(std::size_t exchanges) {
  return exchanges + (exchanges + 1) / 2;
}

// Threading: one thread at a time.
class ClaimedTasks {
 public:
  struct Entry {
    std::string id;  // on the stream
    Task task;
  };

  // Exchanges that the worker may make at a time; at least one.
  void set_share(std::size_t share) { share_ = share; }
  // For so many more; 0 while enough of them wait, so that one question to Redis brings several.
  std::size_t room() const;
  bool is_empty() const { return ids_.empty(); }
  // The ids of all, in no order.
  std::vector<std::string> ids() const { return {ids_.begin(), ids_.end()}; }

  // One that is no task to work on.
  void add(std::string id) { ids_.insert(std::move(id)); }
  void add(Entry taken);
  // Those that are to be worked on from now on, in the order in which they came.
  std::vector<Entry> begin_some();
  // Those with numbers up to `last` that have not been begun, and are not to be any more.
  std::vector<Entry> call_back(std::uint64_t last);
  // One that had been begun is settled; it stays until its task result is on its way.
  void settled() { --begun_; }
  void remove(const std::string& id) { ids_.erase(id); }

 private:
  std::unordered_set<std::string> ids_;
  std::deque<Entry> waiting_;
  std::size_t begun_ = 0;
  std::size_t share_ = 1;
};

}  // namespace repopipe
