// The contract of all places, in this process and in worker processes; by both engines here.
#include "tests/pipeline/workers/executor_contract.h"

#include <optional>

#include "pipeline/workers/local/local_executor.h"
#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

using namespace testing;

class InThisProcess final : public Place {
 public:
  InThisProcess(LocalParts parts, const Clock& clock)
      : executor_(std::in_place, std::move(parts), clock) {}
  Executor& executor() override { return *executor_; }
  void close() override { executor_.reset(); }

 private:
  std::optional<LocalExecutor> executor_;
};

PlaceMaker in_this_process(const std::string& name, EngineKind engine) {
  return {name, [engine](WorkSettings settings, const std::vector<std::string>& tokens) {
            static const SystemClock clock;
            settings.engine = engine;
            auto parts = LocalParts::open(settings, tokens, REPOPIPE_VERSION, clock);
            return std::make_unique<InThisProcess>(std::move(*parts), clock);
          }};
}

class InProcesses final : public Place {
 public:
  explicit InProcesses(PoolOptions options)
      : pool_(std::in_place, std::move(options), kGithub.resources, clock_) {}
  Executor& executor() override { return *pool_; }
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
    OnThisMachine, ExecutorContract,
    ::testing::Values(in_this_process("EventLoop", EngineKind::event_loop),
                      in_this_process("Threads", EngineKind::threads),
                      in_processes("OneProcess", 1, EngineKind::event_loop),
                      in_processes("ThreeProcesses", 3, EngineKind::event_loop),
                      in_processes("ThreeProcessesWithThreads", 3, EngineKind::threads)),
    name_of_place);

}  // namespace
}  // namespace repopipe
