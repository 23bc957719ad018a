#include "tests/pipeline/workers/queue/worker_world.h"

#include <stdexcept>
#include <utility>

#include "pipeline/workers/wire/codec.h"

namespace repopipe {

WorkerTest::~WorkerTest() {
  if (worker) worker->stop();
  api->open();
  if (thread_.joinable()) thread_.join();
}

WorkerSettings WorkerTest::own_settings() {
  WorkerSettings settings{.address = address_of(redis),
                          .version = REPOPIPE_VERSION,
                          .base_url = api->base_url(),
                          .tokens = {{"known", "a-token"}},
                          .program = REPOPIPE_BINARY_DIR "/repopipe"};
  settings.open_pool = pools();
  settings.remark = lines.writer();
  settings.warn = lines.writer();
  return settings;
}

void WorkerTest::gate(int free) {
  api = std::make_unique<e2e::GatedApi>(free);
  settings.base_url = api->base_url();
}

void WorkerTest::start() {
  worker = std::make_unique<QueueWorker>(settings, clock);
  thread_ = std::thread([this] {
    ended_ = worker->run();
    has_ended_ = true;
  });
}

Status WorkerTest::join() {
  thread_.join();
  return ended_;
}

RunInfo WorkerTest::run_info_here() const {
  RunInfo here = run_info_of_night();
  here.version = settings.version;
  here.settings.base_url = settings.base_url;
  return here;
}

QueueRun WorkerTest::announce(const RunInfo& run_info) const {
  auto run = QueueRun::open(address_of(redis), run_info);
  if (!run) throw std::runtime_error(run.error().message);
  return std::move(*run);
}

QueueRun WorkerTest::begin_held(const std::vector<std::uint64_t>& ids) {
  hold();
  start();
  QueueRun run = announce();
  post(run, ids);
  api->wait_until_held(static_cast<int>(ids.size()));
  return run;
}

void WorkerTest::post(QueueRun& run, const std::vector<std::uint64_t>& ids) const {
  std::vector<PostedTask> tasks;
  for (const std::uint64_t id : ids) tasks.push_back({id, encode(WorkerCommand(task(id)))});
  EXPECT_TRUE(run.post(tasks).value().empty());
}

std::map<std::uint64_t, TaskResult> WorkerTest::replies_of(const QueueRun& run,
                                                           std::size_t count) const {
  const auto flat = entries_of(redis, run.keys().replies, count, 3);
  std::map<std::uint64_t, TaskResult> replies;
  for (std::size_t i = 0; i + 4 < flat.size(); i += 7) {
    auto report = decode_event(flat[i + 4], queue_resources());
    replies.emplace(std::stoull(flat[i + 2]), std::get<TaskResult>(std::move(report.value())));
  }
  return replies;
}

bool WorkerTest::takes(const QueueRun& run) const {
  const std::string clients = redis.ask_one({"CLIENT", "LIST"});
  const bool blocks =
      clients.find("cmd=xreadgroup") != clients.npos && clients.find("flags=b") != clients.npos;
  return blocks && redis.ask_one({"EXISTS", run.keys().run}) == "1";
}

}  // namespace repopipe
