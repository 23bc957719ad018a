// Graph: what carrying a user through planner, fetch, parse and store costs when all of them have
// nothing to do: the engine answers at once with an empty page, the store keeps nothing.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline/run/run_graph.h"
#include "pipeline/workers/local/local_executor.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"

namespace repopipe::bench {
namespace {

class NumberedSubjects final : public SubjectSource {
 public:
  explicit NumberedSubjects(std::int64_t users) : left_(users) {}
  Result<std::vector<Subject>> next_block() override {
    std::vector<Subject> block;
    for (; left_ > 0 && block.size() < 256; --left_) {
      block.push_back({"user-" + std::to_string(left_)});
    }
    return block;
  }

 private:
  std::int64_t left_;
};

// An HTTP client with one thread that completes every task at once.
class InstantEngine final : public HttpClient {
 public:
  InstantEngine() : thread_([this] { work(); }) {}
  ~InstantEngine() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  void cancel_queued() override {}
  void submit(std::shared_ptr<PendingTask> task, Done done) override {
    {
      const std::lock_guard lock(mutex_);
      orders_.push_back({std::move(task), std::move(done)});
    }
    wake_.notify_one();
  }

 private:
  struct Waiting {
    std::shared_ptr<PendingTask> task;
    Done done;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
      if (orders_.empty()) return;
      auto orders = std::exchange(orders_, {});
      lock.unlock();
      for (Waiting& order : orders) answer(std::move(order));
      lock.lock();
    }
  }

  static void answer(Waiting order) {
    Response response;
    response.status = 200;
    response.body = "[]";
    order.done({.task = std::move(order.task), .response = std::move(response)});
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> orders_;  // guarded by mutex_
  bool stopping_ = false;        // guarded by mutex_
  std::thread thread_;
};

class IdleStore final : public Store {
 public:
  Result<Stored> add(const Listing& listing) override { return Stored{.login = listing.login}; }
  void abandon() noexcept override {}
  Status commit() override { return {}; }
};

constexpr std::int64_t kUsers = 20'000;

void graph(benchmark::State& state) {
  const RestProtocol provider(kGithub, {"https://api.github.com", 100});
  const SystemClock clock;
  for (auto _ : state) {
    NumberedSubjects keys(kUsers);
    LocalExecutor executor({.protocol = std::make_unique<RestProtocol>(provider),
                            .engine = std::make_unique<InstantEngine>(),
                            .max_body = Bytes{1 << 20},
                            .parse_concurrency = 2},
                           clock);
    IdleStore store;
    Plan plan({.credits = static_cast<std::size_t>(state.range(0))}, provider, clock.now());
    const auto say = [](const Notice&, std::optional<WallTime>) {};
    RunGraph graph({plan, keys, executor, store, clock, say});
    if (graph.run().status != RunStatus::complete) state.SkipWithError("the run failed");
  }
  state.SetItemsProcessed(state.iterations() * kUsers);
}

BENCHMARK(graph)
    ->ArgName("credits")
    ->Arg(1)
    ->Arg(80)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
}  // namespace repopipe::bench
