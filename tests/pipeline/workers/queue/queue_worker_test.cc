// QueueWorker with worker processes, and a run that the test simulates.
#include "pipeline/workers/queue/queue_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/workers/queue/queue_run.h"
#include "tests/pipeline/workers/queue/worker_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(WorkerTest, AnswersTheTasksOfARun) {
  start();
  QueueRun run = announce();
  post(run, {1, 2, 3});
  const auto replies = replies_of(run, 3);
  EXPECT_THAT(replies, SizeIs(3));
  for (const auto& [id, task_result] : replies) {
    ASSERT_TRUE(task_result.result) << task_result.result.error().message;
    EXPECT_EQ(std::get<PageRead>(*task_result.result).page.rows.rows(), 1U) << id;
  }
  EXPECT_TRUE(eventually([&] { return redis.ask_one({"XLEN", run.keys().tasks}) == "0"; }));
  EXPECT_TRUE(run.close());
  lines.wait_for("has left night: 3 requests answered");
  EXPECT_EQ(redis.keys(), 0);
}

TEST_F(WorkerTest, TakesPartInSeveralRunsAndInTheNext) {
  start();
  QueueRun first = announce();
  QueueRun second = announce();
  post(first, {1});
  post(second, {1});
  replies_of(first, 1);
  EXPECT_TRUE(first.close());
  replies_of(second, 1);
  EXPECT_TRUE(second.close());
  QueueRun third = announce();
  post(third, {5});
  EXPECT_THAT(replies_of(third, 1), SizeIs(1));
}

TEST_F(WorkerTest, KeepsItsTasksWhileAReplyTakesLong) {
  QueueRun run = begin_held({1});
  long idle = 0;
  for (int kept = 0; kept < 6;) {  // a quarter of the lease each
    const auto pending = redis.ask({"XPENDING", run.keys().tasks, "workers", "-", "+", "1"});
    ASSERT_THAT(pending, SizeIs(4));
    if (std::stol(pending[2]) < idle) ++kept;
    idle = std::stol(pending[2]);
  }
  EXPECT_THAT(run.claim_expired(1s).value(), IsEmpty());
  api->open();
  EXPECT_THAT(replies_of(run, 1), SizeIs(1));
}

TEST_F(WorkerTest, SendsBackWhatItHasBeforeItEnds) {
  QueueRun run = begin_held({1, 2});
  worker->stop();
  EXPECT_TRUE(eventually([&] { return !takes(run); }));
  post(run, {3});
  EXPECT_FALSE(has_ended());
  api->open();
  EXPECT_TRUE(join());
  const auto replies = replies_of(run, 2);
  EXPECT_TRUE(replies.contains(1) && replies.contains(2));
  EXPECT_THAT(redis.ask({"XINFO", "CONSUMERS", run.keys().tasks, "workers"}), IsEmpty());
  EXPECT_EQ(redis.ask_one({"XLEN", run.keys().tasks}), "1") << "what is done has left the stream";
  EXPECT_THAT(run.withdraw().value(), ElementsAre(3));
}

TEST_F(WorkerTest, EndsSoonWhenRedisIsGone) {
  QueueRun run = begin_held({1});
  redis.kill();
  worker->stop();
  EXPECT_TRUE(join()) << "the API holds every reply";
}

TEST_F(WorkerTest, GivesUpADrainThatRedisRefuses) {
  QueueRun run = begin_held({1});
  redis.ask({"CONFIG", "SET", "maxmemory", "1"});
  worker->stop();
  api->open();
  EXPECT_TRUE(join());
  lines.wait_for("Redis accepts no replies; its tasks are reassigned");
}

TEST_F(WorkerTest, SendsWhatRedisRefusedOnceItCan) {
  QueueRun run = begin_held({1});
  redis.ask({"CONFIG", "SET", "maxmemory", "1"});
  api->open();
  EXPECT_TRUE(eventually([&] {
    const std::string stats = redis.ask_one({"INFO", "errorstats"});
    return stats.find("errorstat_OOM") != stats.npos;
  }));
  redis.ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_THAT(replies_of(run, 1), SizeIs(1));
}

TEST_F(WorkerTest, TakesPartAgainAfterItsConnectionsBroke) {
  start();
  QueueRun run = announce();
  post(run, {1});
  replies_of(run, 1);
  redis.ask({"CLIENT", "KILL", "TYPE", "normal"});
  lines.wait_for("has left night: ");
  QueueRun again = announce();  // the connection of the first is broken too
  post(again, {2});
  EXPECT_THAT(replies_of(again, 1), SizeIs(1));
  lines.wait_for("takes part in night", 3);  // in the first run again
}

TEST_F(WorkerTest, WaitsForAServerThatIsNotThereYet) {
  redis.kill();
  start();
  lines.wait_for(redis.url() + ": Connection refused; trying again");
  redis.start();
  lines.wait_for(redis.url() + " is back");
  QueueRun run = announce();
  post(run, {1});
  EXPECT_THAT(replies_of(run, 1), SizeIs(1));
  EXPECT_EQ(lines.count("trying again"), 1U) << "said once";
}

TEST_F(WorkerTest, EndsWhenItsPasswordIsRefused) {
  redis.ask({"CONFIG", "SET", "requirepass", "geheim"});
  start();
  const Status ended = join();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, FailureKind::job);
  EXPECT_THAT(ended.error().message, AllOf(HasSubstr(redis.url()), HasSubstr("NOAUTH")));
}

TEST_F(WorkerTest, CompletesATaskThatItCannotRead) {
  start();
  QueueRun run = announce();
  EXPECT_THAT(run.post({{7, "garbage"}}).value(), IsEmpty());
  const auto replies = replies_of(run, 1);
  ASSERT_TRUE(replies.contains(7));
  EXPECT_EQ(replies.at(7).result.error(),
            (Failure{FailureKind::worker_crashed, "the worker cannot read its task"}));
}

TEST_F(WorkerTest, LeavesItsTasksToOthersWhenItsProcessesCannotStart) {
  settings.program = "/nonexistent/repopipe";
  start();
  QueueRun run = announce();
  post(run, {1});
  lines.wait_for("has left night: 0 requests answered; cannot start /nonexistent/repopipe");
  EXPECT_EQ(redis.ask_one({"XLEN", run.keys().replies}), "0");
  EXPECT_TRUE(
      eventually([&] { return run.claim_expired(1s).value() == std::vector<std::uint64_t>{1}; }));
}

TEST_F(WorkerTest, ForgetsARunThatLeftNoTrace) {
  redis.ask({"SADD", "repopipe:runs", "killed"});
  start();
  EXPECT_TRUE(eventually([&] { return redis.keys() == 0; }));
}

TEST_F(WorkerTest, HasANameOfItsOwn) {
  start();
  QueueRun run = announce();
  QueueWorker other(settings, clock);
  std::thread thread([&] { EXPECT_TRUE(other.run()); });
  EXPECT_TRUE(eventually([&] { return run.count_workers(1h).value() == 2; }));
  other.stop();
  thread.join();
}

struct RefusedWorker {
  std::string name;
  std::function<void(RunInfo&)> change;
  std::string why;
};

class RefusedRun : public WorkerTest, public ::testing::WithParamInterface<RefusedWorker> {};

TEST_P(RefusedRun, IsExplainedByBoth) {
  start();
  RunInfo run_info = run_info_here();
  GetParam().change(run_info);
  QueueRun run = announce(run_info);
  std::string why = GetParam().why;
  for (const auto& [word, text] :
       {std::pair("VERSION", settings.version), std::pair("BASE", settings.base_url)}) {
    if (const auto at = why.find(word); at != why.npos) why.replace(at, std::strlen(word), text);
  }
  lines.wait_for("was refused by night: " + why);
  EXPECT_TRUE(eventually([&] { return !run.refused().value().empty(); }));
  EXPECT_EQ(run.refused().value().begin()->second, why);
  EXPECT_EQ(lines.count("was refused"), 1U);
  EXPECT_TRUE(run.close());
  EXPECT_EQ(redis.keys(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, RefusedRun,
    ::testing::Values(
        RefusedWorker{"Version", [](RunInfo& it) { it.version = "0.0.1"; },
                      "the worker is version VERSION, and the run 0.0.1: install the same"},
        RefusedWorker{"Provider", [](RunInfo& it) { it.settings.provider = "gitlab"; },
                      "the worker has no such provider"},
        RefusedWorker{"BaseUrl", [](RunInfo& it) { it.settings.base_url = "http://evil.example"; },
                      "the run asks http://evil.example, and the worker may only ask BASE: see "
                      "--base-url"},
        RefusedWorker{"Concurrency", [](RunInfo& it) { it.settings.concurrency = -1; },
                      "its run info cannot be read"},
        RefusedWorker{"Lease", [](RunInfo& it) { it.lease = {}; }, "its run info cannot be read"},
        RefusedWorker{"Token",
                      [](RunInfo& it) {
                        it.principals = {"aaaa", "known", "bbbb"};
                      },
                      "the worker lacks 2 of the run's 3 tokens: see --token"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace repopipe
