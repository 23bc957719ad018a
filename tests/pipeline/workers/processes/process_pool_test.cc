// The pool with repopipe as its workers, over HTTP on loopback.
#include "pipeline/workers/processes/process_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <future>
#include <memory>

#include "pipeline/workers/wire/codec.h"
#include "stages/providers/github/github.h"
#include "tests/e2e/gated_api.h"
#include "tests/pipeline/workers/processes/pool_world.h"
#include "tests/testing/http_server.h"

namespace repopipe {
namespace {

using namespace testing;
using e2e::GatedApi;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Pool : public ::testing::Test {
 protected:
  // Nothing is left of the pool: no process, no zombie.
  ~Pool() override {
    pool.reset();
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
    EXPECT_THAT(lines.all(), IsEmpty());
  }

  void open(const std::string& base_url, int processes, int concurrency) {
    open(pool_options(base_url, processes, concurrency));
  }
  void open(PoolOptions options) {
    options.warn = lines.writer();
    pool = std::make_unique<ProcessPool>(std::move(options), kGithub.resources, clock);
  }

  SystemClock clock;
  Home home;
  Lines lines;
  std::unique_ptr<ProcessPool> pool;
};

TEST_F(Pool, CompletesEveryTaskOnceWithAllItsRecords) {
  GatedApi api(1000);
  open(api.base_url(), 3, 8);
  Task task = task_of(1);
  task.attempt = 3;
  task.generation = 4;
  task.losses = 5;
  task.sent = clock.now();
  submit(*pool, task, home.door());
  submit_many(*pool, home, 299, 2);
  const std::vector<TaskResult> settled = home.wait_for(300);
  EXPECT_EQ(ids_of(settled), ids(1, 300));
  EXPECT_EQ(api.asked().size(), 300U);
  for (const TaskResult& each : settled) {
    EXPECT_EQ(each.log.status, 200);
    const auto& page = std::get<PageRead>(*each.result).page;
    ASSERT_EQ(page.rows.rows(), 1U);
    if (each.task.id == 1) {
      EXPECT_EQ(each.task, task);
      EXPECT_EQ(each.log.attempt, 3);
    }
  }
}

TEST_F(Pool, KeepsTheBytesOfTaskResultsForWhoPassesThemOn) {
  GatedApi api(1);
  PoolOptions options = pool_options(api.base_url(), 1, 1);
  options.keeps_encoded = true;
  open(std::move(options));
  submit_many(*pool, home, 1);
  const TaskResult settled = home.wait_for(1)[0];
  const auto report = decode_event(settled.encoded, kGithub.resources);
  ASSERT_TRUE(report) << report.error().message;
  const auto& passed_on = std::get<TaskResult>(*report);
  EXPECT_EQ(passed_on.task.id, settled.task.id);
  EXPECT_EQ(passed_on.log, settled.log);
  EXPECT_EQ(std::get<PageRead>(*passed_on.result).page.rows.rows(), 1U);
  EXPECT_EQ(std::get<PageRead>(*settled.result).page.rows.rows(), 0U) << "nobody reads them here";
}

TEST_F(Pool, KeepsNoEncodedResultThatIsNotForwarded) {
  GatedApi api(1);
  open(api.base_url(), 1, 1);
  submit_many(*pool, home, 1);
  EXPECT_THAT(home.wait_for(1)[0].encoded, IsEmpty());
}

TEST_F(Pool, SharesTheWorkAmongItsWorkers) {
  GatedApi api(0);
  open(api.base_url(), 3, 6);
  submit_many(*pool, home, 6);
  api.wait_until_held(6);  // so each has two of them
  EXPECT_EQ(children().size(), 3U);
  api.open();
  EXPECT_EQ(ids_of(home.wait_for(6)), ids(1, 6));
}

// Five connections: shares of 2, 1, 1 and 1.
TEST_F(Pool, NeverMakesMoreExchangesThanItsJobAllows) {
  constexpr int kConcurrency = 5;
  const CrowdedApi api(kConcurrency);
  open(api.base_url(), 4, kConcurrency);
  submit_many(*pool, home, 500);
  EXPECT_EQ(ids_of(home.wait_for(500)), ids(1, 500));
  EXPECT_EQ(api.most(), kConcurrency);
}

TEST_F(Pool, StartsNoMoreWorkersThanItMakesExchanges) {
  GatedApi api(1000);
  open(api.base_url(), 4, 2);
  submit_many(*pool, home, 10);
  home.wait_for(10);
  EXPECT_EQ(children().size(), 2U);
}

// The only connection of one worker hangs: its waiting tasks go to the other.
TEST_F(Pool, LetsOthersContinueWhileAWorkerWaits) {
  std::promise<void> released;
  std::promise<void> held;
  HttpServer server([&, gate = released.get_future().share()](const std::string& head) {
    if (head.find("/users/slow/") != head.npos) {
      held.set_value();
      gate.wait();
    }
    return response("200 OK", "", "[]");
  });
  open(server.base_url(), 2, 2);
  submit(*pool, task_of(1000, "slow"), home.door());
  held.get_future().wait();
  submit_many(*pool, home, 200);
  const std::size_t most_behind_it = 1;
  EXPECT_THAT(ids_of(home.wait_for(200 - most_behind_it)).size(), 200 - most_behind_it);
  released.set_value();
  EXPECT_EQ(home.wait_for(201).size(), 201U);
}

TEST_F(Pool, CallsBackWhatIsNotOnTheWire) {
  GatedApi api(0);
  open(api.base_url(), 2, 2);
  submit_many(*pool, home, 100);
  api.wait_until_held(2);
  pool->cancel_queued();
  const auto cancelled = home.wait_for(98);
  EXPECT_EQ(ids_of(cancelled, FailureKind::cancelled).size(), 98U);
  api.open();
  EXPECT_EQ(ids_of(home.wait_for(100)).size(), 2U);
  submit_many(*pool, home, 10, 200);  // it works as before
  EXPECT_EQ(ids_of(home.wait_for(110)).size(), 12U);
}

TEST_F(Pool, GivesEverythingBackWhenItIsDestroyed) {
  GatedApi api(0);
  open(api.base_url(), 2, 2);
  submit_many(*pool, home, 50);
  api.wait_until_held(2);
  pool.reset();
  EXPECT_EQ(ids_of(home.wait_for(50), FailureKind::cancelled), ids(1, 50));
}

TEST_F(Pool, GivesBackWhatItHasNotEvenLookedAt) {
  GatedApi api(1000);
  for (int round = 0; round < 20; ++round) {
    Home once;
    open(api.base_url(), 1, 1);
    submit_many(*pool, once, 5);
    pool.reset();
    EXPECT_EQ(once.count(), 5U) << round;
  }
}

TEST_F(Pool, EndsWithoutAnyTask) {
  open("http://127.0.0.1:1", 4, 8);
}

TEST_F(Pool, ReportsErrorsOfTheApiAndItsAbsence) {
  HttpServer server([](const std::string& head) {
    if (head.find("/users/u1/") != head.npos)
      return response("404 Not Found", "", "{\"message\":\"Not Found\"}");
    return std::string();
  });
  open(server.base_url(), 2, 2);
  submit_many(*pool, home, 2);
  const auto settled = home.wait_for(2);
  EXPECT_THAT(ids_of(settled, FailureKind::not_found), ElementsAre(1));
  EXPECT_THAT(ids_of(settled, FailureKind::transport), ElementsAre(2));
}

}  // namespace
}  // namespace repopipe
