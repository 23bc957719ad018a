// The tasks that a worker has claimed from the stream of a run, and acknowledgements of those that
// are done.  Acknowledgements are sent with the next commands, without a round trip of their own.
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
  // Commands to send before others; empty: nothing to acknowledge.  The views are valid until the
  // next change.
  std::vector<RedisWords> commands() const;
  // Call it when the commands are on Redis.
  void clear() { entries_.clear(); }

 private:
  const QueueKeys& keys_;
  std::vector<std::string> entries_;
};

// A worker's share of the requests of a run.  The connected workers share `fetch.concurrency` in
// the order of their names; for about a second after a new worker connects, the sum may be higher.
// limits.concurrent always holds, because no more tasks are on the stream.

// Threading: one thread at a time.
class ConcurrencyShare {
 public:
  // The share of the worker `name` of `exchanges` concurrent requests.
  ConcurrencyShare(QueueKeys keys, std::string name, std::size_t exchanges)
      : keys_(std::move(keys)), name_(std::move(name)), exchanges_(exchanges) {}

  // The share, at least one.  Nothing: it is too early to look again, or Redis returned an error.
  std::optional<std::size_t> look(Redis& redis, Time now);
  // Whether other workers were connected at the last look.
  bool has_others() const { return has_others_; }

 private:
  const QueueKeys keys_;
  const std::string name_;
  const std::size_t exchanges_;
  Time next_look_{};
  bool has_others_ = false;
};

// The claimed tasks, by their entries on the stream: those in progress, at most the share, and
// those that wait for a free place.

// How many tasks to claim for a number of concurrent requests: half as many again, so that a task
// is ready when a request ends.
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

  // How many requests the worker may have in flight; at least one.
  void set_share(std::size_t share) { share_ = share; }
  // How many more tasks to claim; 0 while enough wait, so that one command to Redis claims several.
  std::size_t room() const;
  bool is_empty() const { return ids_.empty(); }
  // The ids of all claimed entries, in any order.
  std::vector<std::string> ids() const { return {ids_.begin(), ids_.end()}; }

  // Adds an entry that is not a task to work on.
  void add(std::string id) { ids_.insert(std::move(id)); }
  void add(Entry taken);
  // Starts waiting tasks up to the share, in the order of their arrival.
  std::vector<Entry> begin_some();
  // Removes the waiting tasks with numbers up to `last`.
  std::vector<Entry> call_back(std::uint64_t last);
  // A started task is complete.  Its entry stays until its result is on Redis.
  void settled() { --begun_; }
  void remove(const std::string& id) { ids_.erase(id); }

 private:
  std::unordered_set<std::string> ids_;
  std::deque<Entry> waiting_;
  std::size_t begun_ = 0;
  std::size_t share_ = 1;
};

}  // namespace repopipe
