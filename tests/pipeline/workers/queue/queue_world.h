// What tests of the queue share: a run and its run info, tasks and where they come home, and
// a worker that a test plays by hand.
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
Fields queue_fields();

QueueAddress address_of(const testing::RedisServer& redis, const std::string& behind = "/0");

// Of a job named "night": version 1, a lease of a second.
RunInfo run_info_of_night();

Task task(std::uint64_t id);

// Where tasks of an executor come home.  Outlives the executor.
class Homes {
 public:
  PendingTask::Done done();
  // Once so many are home, all of them, in order; fails the test when they do not come.
  std::vector<TaskResult> wait_for(std::size_t count);
  // "ok" or "KIND: MESSAGE" of each task that is home, by its number.
  std::map<std::uint64_t, std::string> told_of(std::size_t count);
  std::size_t count();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<TaskResult> home_;  // guarded by mutex_
};

// The ids of the runs that are announced, once there is one that is not among `known`.
std::string wait_for_run(const testing::RedisServer& redis, const std::string& known = {},
                         const std::string& prefix = "repopipe");

// What a stream begins with, once there are so many entries: of each its id, and the names and
// values of its fields.
std::vector<std::string> entries_of(const testing::RedisServer& redis, const std::string& stream,
                                    std::size_t count, std::size_t fields = 2);

// Until so many tasks of the run are on its stream; before that a reply to one counts for
// nothing.
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

  // At least one, at most `most`.
  std::vector<ClaimedTask> take(std::size_t most = 100);
  // None for as long as Redis takes to answer.
  bool finds_nothing();
  // The reply alone, which counts; `acknowledge` takes the task off the stream.
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

// The task result of a task that went well, as it travels.
std::string good_reply(std::uint64_t id);

}  // namespace repopipe
