// The contract of all places, for a queue with one worker.
#include <thread>

#include "pipeline/workers/queue/claimed_tasks.h"
#include "pipeline/workers/queue/queue_worker.h"
#include "tests/pipeline/workers/executor_contract.h"
#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {
namespace {

class ByQueue final : public Place {
 public:
  ByQueue(WorkSettings settings, const std::vector<std::string>& tokens)
      : worker_(worker_settings(settings, tokens), clock_),
        thread_([this] { EXPECT_TRUE(worker_.run()); }) {
    QueueOptions options{.address = address_of(redis_), .run_info = run_info_of_night()};
    RunInfo& night = options.run_info;
    night.version = REPOPIPE_VERSION;
    if (!tokens.empty()) night.principals.clear();
    for (std::size_t i = 0; i < tokens.size(); ++i) night.principals.push_back(identity(i));
    options.most_out = tasks_for(static_cast<std::size_t>(settings.concurrency));
    night.settings = std::move(settings);
    executor_.emplace(std::move(options), queue_resources(), clock_);
  }
  ~ByQueue() override {
    close();
    worker_.stop();
    thread_.join();
  }

  Executor& executor() override { return *executor_; }
  void close() override { executor_.reset(); }

 private:
  static std::string identity(std::size_t token) { return "token-" + std::to_string(token); }

  WorkerSettings worker_settings(const WorkSettings& settings,
                                 const std::vector<std::string>& tokens) const {
    WorkerSettings own{.address = address_of(redis_),
                       .version = REPOPIPE_VERSION,
                       .base_url = settings.base_url,
                       .program = REPOPIPE_BINARY_DIR "/repopipe",
                       .open_pool = pools()};
    for (std::size_t i = 0; i < tokens.size(); ++i) own.tokens[identity(i)] = tokens[i];
    return own;
  }

  testing::RedisServer redis_;
  SystemClock clock_;
  QueueWorker worker_;
  std::thread thread_;
  std::optional<QueueExecutor> executor_;
};

INSTANTIATE_TEST_SUITE_P(ByQueue, ExecutorContract,
                         ::testing::Values(PlaceMaker{"OneWorker",
                                                      [](const WorkSettings& settings,
                                                         const std::vector<std::string>& tokens) {
                                                        return std::make_unique<ByQueue>(settings,
                                                                                         tokens);
                                                      }}),
                         name_of_place);

}  // namespace
}  // namespace repopipe
