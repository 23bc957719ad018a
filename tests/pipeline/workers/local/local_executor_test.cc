// LocalExecutor with parts that throw: every task is completed once.
#include "pipeline/workers/local/local_executor.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <thread>

#include "pipeline/workers/executors.h"
#include "tests/pipeline/workers/processes/pool_world.h"

namespace repopipe {
namespace {

using testing::Home;
using testing::ids;
using testing::ids_of;
using testing::submit_many;

// A parse stage with a defect.
class BrokenProtocol final : public Protocol {
 public:
  Request ask(const Question&) const override { return {}; }
  const Resource& resource(int) const override { throw std::logic_error("no resource"); }
  bool knows_numbers(int) const override { return true; }
  Verdict judge(const Task& task, const Response&, std::string_view) const override {
    if (task.id % 3 == 0) throw std::length_error("a defect");
    if (task.id % 3 == 1) throw std::bad_alloc();
    return {.meaning = InBody{}};
  }
  Result<Answer> read(const Task&, const Response&, PaddedText, JsonScratch&) const override {
    throw 1;
  }
};

// Completes each task on a thread of its own.
class ThreadForEach final : public HttpClient {
 public:
  ~ThreadForEach() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void submit(std::shared_ptr<PendingTask> task, Done done) override {
    threads_.emplace_back([task = std::move(task), done = std::move(done)]() mutable {
      done({.task = std::move(task), .response = Response{.status = 200, .body = "[]"}});
    });
  }
  void cancel_queued() override {}

 private:
  std::vector<std::thread> threads_;
};

// Drops what it is given: at once, or with what else it has.
class ForgetfulClient final : public HttpClient {
 public:
  void submit(std::shared_ptr<PendingTask> task, Done done) override {
    const auto number = task->task().id;
    if (number % 2 == 0) tasks_.push_back(std::move(task));
    done({.task = number % 2 == 0 ? tasks_.back() : std::move(task),
          .response = fail(FailureKind::internal, "a task was lost")});
  }
  void cancel_queued() override { tasks_.clear(); }

 private:
  std::vector<std::shared_ptr<PendingTask>> tasks_;
};

LocalParts parts_of(std::unique_ptr<HttpClient> client) {
  return {.protocol = std::make_unique<BrokenProtocol>(),
          .engine = std::move(client),
          .max_body = Bytes{1 << 20},
          .parse_concurrency = 2};
}

TEST(LocalExecutor, FailsATaskThatParseThrowsOverAndCountsACrash) {
  const SystemClock clock;
  Home home;
  {
    LocalExecutor executor(parts_of(std::make_unique<ThreadForEach>()), clock);
    submit_many(executor, home, 60);
    home.wait_for(60);
  }
  const auto all = home.wait_for(60);
  EXPECT_EQ(ids_of(all, FailureKind::worker_crashed), ids(1, 60));
  for (const TaskResult& each : all) {
    EXPECT_EQ(each.task.crashes, 1);
    EXPECT_EQ(each.log.status, 200);
    const std::string noun = each.task.login + " page 1: ";
    const std::string why = each.task.id % 3 == 0   ? "a defect"
                            : each.task.id % 3 == 1 ? "out of memory"
                                                    : "an exception of unknown type";
    EXPECT_EQ(each.result.error().message, noun + why);
    EXPECT_EQ(each.log.error, why);
  }
}

TEST(LocalExecutor, CompletesOnceWhatItsClientKeepsAndLosesLater) {
  const SystemClock clock;
  Home home;
  {
    LocalExecutor executor(parts_of(std::make_unique<ForgetfulClient>()), clock);
    submit_many(executor, home, 20);
    EXPECT_EQ(ids_of(home.wait_for(20), FailureKind::internal), ids(1, 20));
    executor.cancel_queued();
  }
  EXPECT_EQ(home.count(), 20U);
}

TEST(Executors, ApplyToTheJobsThatAskForThem) {
  Job job;
  EXPECT_EQ(executor_of(job).name, "local");
  job.execution.processes = 2;
  EXPECT_EQ(executor_of(job).name, "processes");
  job.execution.queue = "redis://127.0.0.1";
  EXPECT_EQ(executor_of(job).name, "queue");
}

}  // namespace
}  // namespace repopipe
