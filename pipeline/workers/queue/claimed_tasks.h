// The tasks that a worker has of a run, by their entries on its stream: those that its processes
// work on, no more than its share, and those that wait for one of these to be done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "pipeline/model/task.h"

namespace repopipe {

// Tasks with workers for so many exchanges at a time: half as many again, so that one is at hand
// when another is done.
constexpr std::size_t tasks_for(std::size_t request_logs) {
  return request_logs + (request_logs + 1) / 2;
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
