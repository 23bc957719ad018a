// Shared by the tests of the queue: run info, tasks, results, and a worker that the test simulates.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/model/interfaces.h"
#include "pipeline/model/work_settings.h"
#include "pipeline/workers/queue/queue_executor.h"
#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"
#include "tests/pipeline/workers/lines.h"
#include "tests/testing/eventually.h"
#include "tests/testing/redis_server.h"

namespace repopipe {

using repopipe::testing::eventually;

// The fields of records, as the provider of these tests has them.
Resources queue_resources();

QueueAddress address_of(const testing::RedisServer& redis, const std::string& behind = "/0");

// Of a job named "night": version 1, a lease of one second.
RunInfo run_info_of_night();

Task task(std::uint64_t id);

// Collects the results of an executor.  Outlives the executor.
class Homes {
 public:
  PendingTask::Done done();
  // Waits for so many results and returns all in order; fails the test if they do not come.
  std::vector<TaskResult> wait_for(std::size_t count);
  // "ok" or "KIND: MESSAGE" of each result, by task number.
  std::map<std::uint64_t, std::string> told_of(std::size_t count);
  std::size_t count();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<TaskResult> home_;  // guarded by mutex_
};

// The ids of the announced runs, when there is one that is not among `known`.
std::string wait_for_run(const testing::RedisServer& redis, const std::string& known = {},
                         const std::string& prefix = "repopipe");

// The first entries of a stream, when there are so many: each with its id, and the names and values
// of its fields.
std::vector<std::string> entries_of(const testing::RedisServer& redis, const std::string& stream,
                                    std::size_t count, std::size_t fields = 2);

// Waits for so many tasks on the run's stream; before that the run ignores results for them.
void wait_for_tasks(const testing::RedisServer& redis, const std::string& run, std::size_t count);

// Opens pools of processes for a worker.
std::function<std::unique_ptr<Executor>(PoolOptions)> pools();

struct ClaimedTask {
  std::string entry;
  Task task;
};

// Speaks the protocol of a worker, step by step.
class HandWorker {
 public:
  HandWorker(const testing::RedisServer& redis, const std::string& run, std::string name = "hand");

  // Claims at least one and at most `most` tasks.
  std::vector<ClaimedTask> take(std::size_t most = 100);
  // None for as long as Redis takes to answer.
  bool finds_nothing();
  // Sends the result only; `acknowledge` deletes the task from the stream.
  std::string answer(std::uint64_t id);
  std::string answer_with(std::uint64_t id, const std::string& message);
  void acknowledge(const ClaimedTask& taken);
  void finish(const ClaimedTask& taken);
  void give_sign();
  void keep(const std::vector<ClaimedTask>& taken);

 private:
  std::string ask(const RedisWords& words);

  Redis redis_;
  QueueKeys keys_;
  std::string name_;
};

// The encoded result of a task that succeeded.
std::string good_reply(std::uint64_t id);

}  // namespace repopipe
