// The thread that writes: it takes every user that waits for it into one transaction, and never
// waits for more.  A thread of its own, so that a slow disk holds up nobody else.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "pipeline/core/clock.h"
#include "pipeline/core/seams.h"

namespace repopipe {

// What became of one listing.
struct Kept {
  std::string login;
  Result<Stored> result;
  Duration busy{};  // its part of the transaction
};

// The queue holds at most what the planner's credits let out.
class Writer {
 public:
  using Done = std::function<void(Kept)>;

  // Keeps references; both outlive the writer.
  Writer(Store& store, const Clock& clock);
  // Writes what is queued, then returns.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // `done` runs exactly once, on the writer's thread.  Threading: any.
  void submit(Listing listing, Done done);

 private:
  void work();
  void write(std::vector<Listing> listings, const std::vector<Done>& dones);

  Store& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Listing> listings_;  // guarded by mutex_
  std::vector<Done> dones_;        // guarded by mutex_, of the same order
  bool stopping_ = false;          // guarded by mutex_
  std::thread thread_;             // last
};

}  // namespace repopipe
