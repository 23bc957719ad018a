#include "tests/pipeline/workers/queue/queue_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "pipeline/model/provider.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

using testing::kHangs;

const std::string kBlock = std::to_string(std::chrono::milliseconds(kHangs).count());

// As the program itself does.
const auto kIgnored = std::signal(SIGPIPE, SIG_IGN);

const Provider& provider() {
  return *find_provider("github");
}

Redis connect(const testing::RedisServer& redis) {
  auto connection = Redis::connect(address_of(redis));
  if (!connection) throw std::runtime_error(connection.error().message);
  return std::move(*connection);
}

}  // namespace

Resources queue_resources() {
  return provider().resources;
}

QueueAddress address_of(const testing::RedisServer& redis, const std::string& behind) {
  return parse_queue_address(redis.url(behind)).address;
}

RunInfo run_info_of_night() {
  RunInfo night{.version = "1",
                .job = "night",
                .settings = {},
                .principals = {"anonymous"},
                .lease = 1s,
                .memory = Bytes{1ULL << 30}};
  night.settings.provider = "github";
  night.settings.base_url = "http://127.0.0.1:9";
  night.settings.timeout = 10s;
  night.settings.max_body = Bytes{1 << 20};
  return night;
}

Task task(std::uint64_t id) {
  Task task;
  task.id = id;
  task.login = "user-" + std::to_string(id);
  task.request.target = "/users/" + task.login + "/repos?per_page=100";
  task.sent = SystemClock().now();
  return task;
}

PendingTask::Done Homes::done() {
  return [this](TaskResult task_result) {
    const std::lock_guard lock(mutex_);
    home_.push_back(std::move(task_result));
    changed_.notify_all();
  };
}

std::vector<TaskResult> Homes::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(lock, kHangs, [&] { return home_.size() >= count; });
  EXPECT_TRUE(came) << home_.size() << " of " << count << " came home";
  return home_;
}

std::map<std::uint64_t, std::string> Homes::told_of(std::size_t count) {
  std::map<std::uint64_t, std::string> told;
  for (const TaskResult& each : wait_for(count)) {
    std::string& words = told[each.task.id];
    if (!words.empty()) words += ", and again ";
    words += each.result ? "ok"
                         : std::string(policy_of(each.result.error().kind).name) + ": " +
                               each.result.error().message;
  }
  return told;
}

std::size_t Homes::count() {
  const std::lock_guard lock(mutex_);
  return home_.size();
}

std::string wait_for_run(const testing::RedisServer& redis, const std::string& known,
                         const std::string& prefix) {
  std::string run;
  EXPECT_TRUE(eventually([&] {
    for (const std::string& id : redis.ask({"SMEMBERS", QueueKeys::runs(prefix)})) {
      if (id != known) run = id;
    }
    return !run.empty();
  })) << "no run is announced";
  return run;
}

std::vector<std::string> entries_of(const testing::RedisServer& redis, const std::string& stream,
                                    std::size_t count, std::size_t fields) {
  const std::size_t entry = 1 + 2 * fields;
  std::vector<std::string> all;
  std::string last = "0";
  while (all.size() < entry * count) {
    const auto more = redis.ask({"XREAD", "BLOCK", kBlock, "STREAMS", stream, last});
    if (more.size() <= entry) {  // else the name of the stream precedes them
      ADD_FAILURE() << "only " << all.size() / entry << " of " << count << " come";
      break;
    }
    all.insert(all.end(), more.begin() + 1, more.end());
    last = all[all.size() - entry];
  }
  return all;
}

void wait_for_tasks(const testing::RedisServer& redis, const std::string& run, std::size_t count) {
  EXPECT_EQ(entries_of(redis, QueueKeys("repopipe", run).tasks, count).size(), 5 * count);
}

std::function<std::unique_ptr<Executor>(PoolOptions)> pools() {
  return [](PoolOptions options) {
    static const SystemClock clock;
    return std::make_unique<ProcessPool>(std::move(options), Resources{}, clock);
  };
}

HandWorker::HandWorker(const testing::RedisServer& redis, const std::string& run, std::string name)
    : redis_(connect(redis)), keys_("repopipe", run), name_(std::move(name)) {}

std::string HandWorker::ask(const RedisWords& words) {
  const auto reply = redis_.ask(words);
  if (!reply) throw std::runtime_error(reply.error().message);
  return std::string(reply->value().text());
}

std::vector<ClaimedTask> HandWorker::take(std::size_t most) {
  std::vector<ClaimedTask> taken;
  const std::string count = std::to_string(most);
  const std::string block = std::to_string(Redis::kLongestBlock.count());
  for (auto waited = 0ms; taken.empty() && waited < kHangs; waited += Redis::kLongestBlock) {
    const auto reply = redis_.ask({"XREADGROUP", "GROUP", kWorkersGroup, name_, "COUNT", count,
                                   "BLOCK", block, "STREAMS", keys_.tasks, ">"});
    if (!reply) throw std::runtime_error(reply.error().message);
    const RedisValue entries = reply->value()[0][1];
    for (std::size_t i = 0; i < entries.size(); ++i) {
      auto order = decode_command(entries[i][1].member(kMessageField).text());
      taken.push_back({std::string(entries[i][0].text()), std::get<Task>(order.value())});
    }
  }
  EXPECT_FALSE(taken.empty()) << "there is no task";
  return taken;
}

bool HandWorker::finds_nothing() {
  const auto reply =
      redis_.ask({"XREADGROUP", "GROUP", kWorkersGroup, name_, "STREAMS", keys_.tasks, ">"});
  return reply && reply->value().is_nil();
}

std::string HandWorker::answer(std::uint64_t id) {
  return answer_with(id, good_reply(id));
}

std::string HandWorker::answer_with(std::uint64_t id, const std::string& message) {
  const std::string number = std::to_string(id);
  return ask(
      {"XADD", keys_.replies, "NOMKSTREAM", "*", kTaskField, number, kMessageField, message});
}

void HandWorker::acknowledge(const ClaimedTask& taken) {
  ask({"XACK", keys_.tasks, kWorkersGroup, taken.entry});
  ask({"XDEL", keys_.tasks, taken.entry});
}

void HandWorker::finish(const ClaimedTask& taken) {
  answer(taken.task.id);
  acknowledge(taken);
}

void HandWorker::give_sign() {
  ask({"XREADGROUP", "GROUP", kWorkersGroup, name_, "COUNT", "1", "STREAMS", keys_.tasks,
       kBeyondEverything});
}

void HandWorker::keep(const std::vector<ClaimedTask>& taken) {
  for (const ClaimedTask& each : taken) {
    ask({"XCLAIM", keys_.tasks, kWorkersGroup, name_, "0", each.entry, "JUSTID"});
  }
}

std::string good_reply(std::uint64_t id) {
  TaskResult task_result;
  task_result.task.id = id;
  task_result.log.status = 200;
  task_result.result = Redirect{"/elsewhere"};
  return encode(WorkerEvent(std::move(task_result)));
}

}  // namespace repopipe
