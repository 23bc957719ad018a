// A worker on a thread with Redis and API, and a run that the test simulates.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/workers/queue/queue_run.h"
#include "pipeline/workers/queue/queue_worker.h"
#include "tests/e2e/gated_api.h"
#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {

class WorkerTest : public ::testing::Test {
 protected:
  ~WorkerTest() override;

  // The API keeps every request waiting.
  void hold() { gate(0); }
  void start();
  bool has_ended() const { return has_ended_; }
  Status join();

  RunInfo run_info_here() const;
  QueueRun announce() const { return announce(run_info_here()); }
  QueueRun announce(const RunInfo& run_info) const;
  // A run whose tasks a worker has claimed, while the API holds their requests.
  QueueRun begin_held(const std::vector<std::uint64_t>& ids);
  void post(QueueRun& run, const std::vector<std::uint64_t>& ids) const;
  // The results of so many tasks, when they have come.
  std::map<std::uint64_t, TaskResult> replies_of(const QueueRun& run, std::size_t count) const;
  // Whether a worker waits for tasks of the run.
  bool takes(const QueueRun& run) const;

  testing::RedisServer redis;
  std::unique_ptr<e2e::GatedApi> api = std::make_unique<e2e::GatedApi>(1'000'000);
  SystemClock clock;
  testing::Lines lines;
  WorkerSettings settings = own_settings();
  std::unique_ptr<QueueWorker> worker;

 private:
  WorkerSettings own_settings();
  void gate(int free);

  std::thread thread_;
  std::atomic<bool> has_ended_{false};
  Status ended_;
};

}  // namespace repopipe
