// The contract of all places, in this process and in worker processes; by both engines here.
#include "tests/pipeline/workers/channel_contract.h"

#include <mutex>
#include <optional>
#include <unordered_map>

#include "pipeline/workers/local/worker_graph.h"
#include "pipeline/workers/local/workshop.h"
#include "stages/providers/github/github_fields.h"

namespace repopipe {
namespace {

using namespace testing;

// Fetch and parse of a worker's graph, in the process of the run.
class HereChannel final : public Channel {
 public:
  explicit HereChannel(Workshop workshop) : workshop_(std::move(workshop)) {}
  void submit(Task task, Done done) override {
    {
      const std::lock_guard lock(mutex_);
      out_.emplace(task.id, std::move(done));
    }
    graph_.submit(std::move(task));
  }
  void cancel_queued() override { workshop_.engine().cancel_queued(); }

 private:
  void bring_home(TaskResult task_result) {
    std::unique_lock lock(mutex_);
    const Done done = std::move(out_.extract(task_result.task.id).mapped());
    lock.unlock();
    done(std::move(task_result));
  }

  SystemClock clock_;
  Workshop workshop_;
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Done> out_;  // guarded by mutex_
  WorkerGraph graph_{workshop_.here(), clock_,
                     [this](TaskResult task_result) { bring_home(std::move(task_result)); }};
};

class InThisProcess final : public Place {
 public:
  explicit InThisProcess(Workshop workshop) : channel_(std::in_place, std::move(workshop)) {}
  Channel& channel() override { return *channel_; }
  void close() override { channel_.reset(); }

 private:
  std::optional<HereChannel> channel_;
};

PlaceMaker in_this_process(const std::string& name, EngineKind engine) {
  return {name, [engine](WorkSettings settings, const std::vector<std::string>& tokens) {
            static const SystemClock clock;
            settings.engine = engine;
            auto workshop = Workshop::open(settings, tokens, REPOPIPE_VERSION, clock);
            return std::make_unique<InThisProcess>(std::move(*workshop));
          }};
}

class InProcesses final : public Place {
 public:
  explicit InProcesses(PoolOptions options)
      : pool_(std::in_place, std::move(options), github_fields(), clock_) {}
  Channel& channel() override { return *pool_; }
  void close() override { pool_.reset(); }

 private:
  SystemClock clock_;
  std::optional<ProcessPool> pool_;
};

PlaceMaker in_processes(const std::string& name, int processes, EngineKind engine) {
  return {name, [=](WorkSettings settings, const std::vector<std::string>& tokens) {
            settings.engine = engine;
            PoolOptions options = pool_options(settings.base_url, processes, settings.concurrency);
            options.settings = std::move(settings);
            options.tokens = tokens;
            return std::make_unique<InProcesses>(std::move(options));
          }};
}

INSTANTIATE_TEST_SUITE_P(
    OnThisMachine, ChannelContract,
    ::testing::Values(in_this_process("EventLoop", EngineKind::event_loop),
                      in_this_process("Threads", EngineKind::threads),
                      in_processes("OneProcess", 1, EngineKind::event_loop),
                      in_processes("ThreeProcesses", 3, EngineKind::event_loop),
                      in_processes("ThreeProcessesWithThreads", 3, EngineKind::threads)),
    name_of_place);

}  // namespace
}  // namespace repopipe
