// Shared by the tests of the process pool: worker processes, clocks, and results.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/workers/processes/process_pool.h"
#include "tests/pipeline/workers/lines.h"
#include "tests/testing/eventually.h"
#include "tests/testing/http_server.h"

namespace repopipe::testing {

// A clock that only the test moves.  Threading: any.
class HandClock final : public Clock {
 public:
  Time now() const override { return Time(Duration(since_.load())); }
  WallTime wall() const override { return {}; }
  void advance(Duration time) { since_ += time.count(); }

 private:
  std::atomic<Duration::rep> since_{0};
};

// Every look at it is some seconds later.  Threading: any.
class LeapingClock final : public Clock {
 public:
  Time now() const override { return Time(std::chrono::seconds(looks_ += 5)); }
  WallTime wall() const override { return {}; }

 private:
  mutable std::atomic<int> looks_{0};
};

// An API without repositories that holds all requests until so many are in flight.  Threading: any.
class CrowdedApi {
 public:
  explicit CrowdedApi(int crowd);
  std::string base_url() const { return server_.base_url(); }
  // The maximum of requests in flight.
  int most() const;

 private:
  std::string answer();

  const int crowd_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int active_ = 0;  // guarded by mutex_
  int most_ = 0;    // guarded by mutex_
  HttpServer server_;
};

// Collects results, and waits for them.  Threading: any.
class Home {
 public:
  PendingTask::Done door();
  // Waits for so many results; throws if they do not come.
  std::vector<TaskResult> wait_for(std::size_t count);
  std::size_t count() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<TaskResult> settled_;  // guarded by mutex_
};

// Tasks for users "u1" and on, with these numbers as ids.
Task task_of(std::uint64_t id, const std::string& login = {});
// Submits the task; its result goes to `door`.
void submit(Executor& executor, Task task, PendingTask::Done door);
void submit_many(Executor& executor, Home& home, std::uint64_t count, std::uint64_t first = 1);

// The sorted ids of the tasks with that kind of failure; without a kind, of those that succeeded.
std::vector<std::uint64_t> ids_of(const std::vector<TaskResult>& settled,
                                  std::optional<FailureKind> kind = {});
std::vector<std::uint64_t> ids(std::uint64_t first, std::uint64_t last);

// The real program as a worker for the API at `base_url`.
PoolOptions pool_options(const std::string& base_url, int processes, int concurrency);

// The processes that this one has started and not yet taken leave of.
std::vector<pid_t> children();
std::string file_of(pid_t process, const std::string& name);  // of /proc/PID

}  // namespace repopipe::testing
