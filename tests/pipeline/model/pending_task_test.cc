#include "pipeline/model/pending_task.h"

#include <gtest/gtest.h>

#include <vector>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

class PendingTaskTest : public ::testing::Test {
 protected:
  std::shared_ptr<PendingTask> pend() {
    Task task{.id = 7, .login = "octocat", .request = {.page = 2}, .attempt = 3, .sent = Time{1s}};
    return std::make_shared<PendingTask>(
        std::move(task), [this](TaskResult result) { results.push_back(std::move(result)); });
  }

  std::vector<TaskResult> results;
};

TEST_F(PendingTaskTest, GivesItsTaskBackWithTheResult) {
  const auto pending = pend();
  const Task task = pending->task();
  pending->complete({.result = Redirect{"/there"}});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].task, task);
  EXPECT_EQ(std::get<Redirect>(*results[0].result).target, "/there");
}

TEST_F(PendingTaskTest, IsCompletedOnce) {
  auto pending = pend();
  pending->fail({FailureKind::cancelled, "the run is stopping"});
  pending->complete({.result = Redirect{"/there"}});
  pending->fail_unseen({FailureKind::worker_lost, "its worker crashed"});
  pending.reset();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].result.error(), (Failure{FailureKind::cancelled, "the run is stopping"}));
  EXPECT_EQ(results[0].log.outcome, "cancelled");
  EXPECT_EQ(results[0].log.page, 2);
  EXPECT_EQ(results[0].log.attempt, 3);
}

TEST_F(PendingTaskTest, ThatIsNotCompletedFailsAsInternal) {
  pend().reset();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].task.id, 7U);
  EXPECT_EQ(results[0].result.error().kind, FailureKind::internal);
}

TEST_F(PendingTaskTest, CountsTheWorkersThatItHasCost) {
  pend()->fail({FailureKind::worker_lost, "its worker was lost"});
  pend()->complete({.result = fail(FailureKind::worker_crashed, "a defect")});
  pend()->fail_unseen({FailureKind::worker_lost, "its worker was lost"});
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].task.losses, 1);
  EXPECT_EQ(results[0].result.error().message, "octocat page 2: its worker was lost");
  EXPECT_EQ(results[0].log.error, "its worker was lost");
  EXPECT_EQ(results[1].task.crashes, 1);
  EXPECT_EQ(results[2].task.losses, 0);
}

TEST_F(PendingTaskTest, CountsAsQueuedWhatWasNeitherFetchingNorParsing) {
  TaskResult result;
  result.log.timing.total = 3s;
  result.parse = 1s;
  pend()->complete_from_elsewhere(result, Time{10s});
  result.log.timing.total = 30s;
  pend()->complete_from_elsewhere(result, Time{10s});
  EXPECT_EQ(results.at(0).queued, 5s);
  EXPECT_EQ(results.at(1).queued, 0s);
}

}  // namespace
}  // namespace repopipe
