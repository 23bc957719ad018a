#include "pipeline/workers/queue/worker_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kBad = "alpha:12:00ff-1";
constexpr const char* kGood = "beta:34:00ee-1";

Time at(Duration time) {
  return Time{} + 1h + time;
}

TaskResult failed(FailureKind kind, int status = 0) {
  TaskResult task_result;
  task_result.log.status = status;
  task_result.log.error = "no way";
  task_result.result = fail(kind, "no way");
  return task_result;
}

TaskResult good() {
  TaskResult task_result;
  task_result.log.status = 200;
  task_result.result = Redirect{"/elsewhere"};
  return task_result;
}

struct Health : ::testing::Test {
  bool is_of_worker(const char* worker, const TaskResult& task_result, Duration time) {
    const auto judged = health.judge(worker, task_result, workers, at(time));
    if (!judged.warning.empty()) warnings.push_back(judged.warning);
    return judged.is_of_worker;
  }

  WorkerHealth health;
  std::size_t workers = 2;
  std::vector<std::string> warnings;
};

TEST_F(Health, BlamesAWorkerThatDoesNotReachWhatOthersReach) {
  EXPECT_FALSE(is_of_worker(kGood, good(), 0s));
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(is_of_worker(kBad, failed(FailureKind::connect), 1s + i * 1s)) << i;
    EXPECT_FALSE(is_of_worker(kGood, good(), 1500ms + i * 1s));
  }
  ASSERT_EQ(warnings.size(), 1U) << "it is named once";
  EXPECT_THAT(warnings[0], HasSubstr(kBad));
  EXPECT_THAT(warnings[0], HasSubstr("no way"));
}

TEST_F(Health, BlamesNoWorkerWhenAllFail) {
  EXPECT_FALSE(is_of_worker(kGood, good(), 0s));
  EXPECT_FALSE(is_of_worker(kBad, good(), 0s));
  EXPECT_TRUE(is_of_worker(kBad, failed(FailureKind::connect), 1s)) << "the other one may reach it";
  EXPECT_FALSE(is_of_worker(kGood, failed(FailureKind::connect), 1s));
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(is_of_worker(kBad, failed(FailureKind::connect), 2s + i * 1s));
    EXPECT_FALSE(is_of_worker(kGood, failed(FailureKind::connect), 2s + i * 1s));
  }
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(Health, BlamesNotTheOnlyWorker) {
  workers = 1;
  EXPECT_FALSE(is_of_worker(kBad, failed(FailureKind::connect), 0s));
  EXPECT_FALSE(is_of_worker(kBad, failed(FailureKind::connect), 1s));
}

TEST_F(Health, WaitsNotForeverForASilentOtherWorker) {
  EXPECT_TRUE(is_of_worker(kBad, failed(FailureKind::connect), 0s));
  EXPECT_TRUE(is_of_worker(kBad, failed(FailureKind::connect), 9s));
  EXPECT_FALSE(is_of_worker(kBad, failed(FailureKind::connect), 11s));
}

TEST_F(Health, TakesOneTimeoutForNoMoreThanThat) {
  EXPECT_FALSE(is_of_worker(kGood, good(), 0s));
  for (const FailureKind kind : {FailureKind::timeout, FailureKind::transport}) {
    EXPECT_FALSE(is_of_worker(kBad, failed(kind), 1s));
    EXPECT_FALSE(is_of_worker(kBad, failed(kind), 1s));
    EXPECT_TRUE(is_of_worker(kBad, failed(kind), 1s));
    EXPECT_FALSE(is_of_worker(kBad, good(), 1s));
  }
}

TEST_F(Health, CountsAReplyOfAProxyAndNotOneOfTheApi) {
  EXPECT_EQ(trouble_of(failed(FailureKind::proxy_login)), WayTrouble::never_reached);
  EXPECT_EQ(trouble_of(failed(FailureKind::machine_limit)), WayTrouble::never_reached);
  EXPECT_EQ(trouble_of(failed(FailureKind::server_error, 502)), WayTrouble::perhaps);
  EXPECT_EQ(trouble_of(failed(FailureKind::not_found, 404)), WayTrouble::none);
  EXPECT_EQ(trouble_of(failed(FailureKind::throttled, 403)), WayTrouble::none);
  EXPECT_EQ(trouble_of(failed(FailureKind::malformed, 200)), WayTrouble::none);
  EXPECT_EQ(trouble_of(failed(FailureKind::cancelled)), WayTrouble::none);
}

TEST_F(Health, KnowsAWorkerInItsNextPart) {
  EXPECT_FALSE(is_of_worker(kGood, good(), 0s));
  EXPECT_FALSE(is_of_worker("alpha:12:00ff-1", failed(FailureKind::timeout), 1s));
  EXPECT_FALSE(is_of_worker("alpha:12:00ff-2", failed(FailureKind::timeout), 1s));
  EXPECT_TRUE(is_of_worker("alpha:12:00ff-3", failed(FailureKind::timeout), 1s));
}

}  // namespace
}  // namespace repopipe
