#include "pipeline/workers/queue/queue_session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/base/thread.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBlock = "500";
// So many failed requests in a row are the fault of this worker.
constexpr int kNoAccident = 3;
constexpr Duration kFirstProbePause = 1s;
constexpr Duration kLongestProbePause = 10s;

// Whether the pool has no worker process left.
bool is_of_pool(const TaskResult& task_result) {
  if (task_result.result) return false;
  const FailureKind kind = task_result.result.error().kind;
  const bool is_from_worker = !task_result.encoded.empty();
  return kind == FailureKind::internal || (policy_of(kind).of_machine && !is_from_worker);
}

}  // namespace

QueueSession::QueueSession(SessionOptions options, std::unique_ptr<Executor> pool,
                           const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      keys_(options_.address.prefix, options_.run),
      share_(keys_, options_.name, options_.exchanges),
      pool_(std::move(pool)),
      taker_(Thread::must_start(
          "tasks", [this] { take_all(); }, [this](const Failure& failure) { end(failure); })) {
  auto sender = Thread::start(
      "task_results", [this] { send_all(); }, [this](const Failure& failure) { end(failure); });
  if (sender) {
    sender_ = std::move(*sender);
    return;
  }
  leave();
  throw Thrown(sender.error());
}

QueueSession::~QueueSession() {
  leave();
}

void QueueSession::leave() {
  {
    const Lock lock(mutex_);
    stops_ = true;
  }
  wake_taking_.notify_all();
  wake_sending_.notify_all();
  taker_.join();
  sender_.join();
}

void QueueSession::drain() {
  {
    const Lock lock(mutex_);
    drains_ = true;
  }
  wake_taking_.notify_all();
  wake_sending_.notify_all();
}

std::optional<Failure> QueueSession::trouble() {
  const Lock lock(mutex_);
  return trouble_;
}

// An empty message: the run is over.
void QueueSession::end(const Failure& trouble) {
  {
    const Lock lock(mutex_);
    if (!trouble_ && !trouble.message.empty()) trouble_ = trouble;
    stops_ = true;
  }
  is_over_ = true;
  wake_taking_.notify_all();
  wake_sending_.notify_all();
}

// Takes the tasks that Redis had already assigned when the drain begins.
void QueueSession::take_all() {
  const Status taken = take_until_told();
  if (!taken) end(taken.error());
  {
    const Lock lock(mutex_);
    takes_ = false;
  }
  wake_sending_.notify_all();
}

Status QueueSession::take_until_told() {
  auto redis = Redis::connect(options_.address);
  if (!redis) return fail(redis.error());
  while (true) {
    if (!wait_to_take()) return {};
    if (auto taken = take_some(*redis); !taken) return taken;
  }
}

// False: take no more tasks.
bool QueueSession::wait_to_take() {
  Lock lock(mutex_);
  const auto is_over = [this]() REQUIRES(mutex_) { return stops_ || drains_; };
  while (!is_over() && !may_take()) {
    if (clock_.now() < pauses_until_) {
      wake_taking_.wait_for(lock, pauses_until_ - clock_.now(), is_over);
    } else {
      wake_taking_.wait(lock);  // checked again: a pause may have begun
    }
  }
  return !is_over();
}

bool QueueSession::may_take() const {
  if (unreached_ < kNoAccident || !has_others_) return taken_.room() > 0;
  return clock_.now() >= pauses_until_ && taken_.is_empty();
}

// Counts requests in a row that did not reach the API.
void QueueSession::note(WayTrouble trouble) {
  const Lock lock(mutex_);
  if (trouble == WayTrouble::none) {
    unreached_ = 0;
    pause_ = {};
    return;
  }
  if (++unreached_ < kNoAccident || clock_.now() < pauses_until_) return;
  pause_ = std::clamp<Duration>(2 * pause_, kFirstProbePause, kLongestProbePause);
  pauses_until_ = clock_.now() + pause_;
}

Status QueueSession::take_some(Redis& redis) {
  const auto share = share_.look(redis, clock_.now());
  std::string count;
  {
    const Lock lock(mutex_);
    if (share) taken_.set_share(*share);
    if (share) has_others_ = share_.has_others();
    const bool probes = unreached_ >= kNoAccident && has_others_;
    count = std::to_string(probes ? 1 : std::max<std::size_t>(taken_.room(), 1));
  }
  const auto reply = redis.ask({"XREADGROUP", "GROUP", kWorkersGroup, options_.name, "COUNT", count,
                                "BLOCK", kBlock, "STREAMS", keys_.tasks, ">"});
  if (!reply) return fail(reply.error());
  if (reply->value().is_error()) {
    const std::string_view error = reply->value().text();
    const bool is_gone = error.starts_with("NOGROUP") || error.starts_with("UNBLOCKED");
    return fail(is_gone ? Failure{FailureKind::queue, ""} : redis.objection(reply->value()));
  }
  const RedisValue entries = reply->value()[0][1];
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const RedisValue fields = entries[i][1];
    take(entries[i][0].text(), fields.member(kTaskField).number_in_text(),
         fields.member(kMessageField).text());
  }
  return {};
}

void QueueSession::take(std::string_view entry, std::uint64_t id, std::string_view message) {
  auto order = decode_command(message);
  auto* task = order ? std::get_if<Task>(&*order) : nullptr;
  {
    const Lock lock(mutex_);
    if (task == nullptr) {
      taken_.add(std::string(entry));
    } else {
      taken_.add({std::string(entry), std::move(*task)});
    }
  }
  if (task != nullptr) return begin_some();
  const Failure failure{FailureKind::worker_crashed, "the worker cannot read its task"};
  TaskResult result;
  result.task.id = id;
  result.log.outcome = policy_of(failure.kind).name;
  result.log.error = failure.message;
  result.result = fail(failure);
  finish(std::string(entry), std::move(result));
}

// Tasks beyond the share wait here, so that the next request need not wait for Redis.
void QueueSession::begin_some() {
  std::vector<ClaimedTasks::Entry> begun;
  {
    const Lock lock(mutex_);
    if (stops_) return;
    begun = taken_.begin_some();
  }
  for (ClaimedTasks::Entry& each : begun) {
    each.task.sent = clock_.now();
    auto done = [this, entry = std::move(each.id)](TaskResult task_result) noexcept {
      settled(entry, std::move(task_result));
    };
    pool_->submit(std::make_shared<PendingTask>(std::move(each.task), std::move(done)));
  }
}

// Runs on a thread of the pool; exceptions must not end it.
void QueueSession::settled(const std::string& entry, TaskResult task_result) noexcept {
  try {
    const bool was_asked =
        task_result.log.status != 0 || trouble_of(task_result) != WayTrouble::none;
    if (was_asked) note(trouble_of(task_result));
    {
      const Lock lock(mutex_);
      taken_.settled();
    }
    begin_some();
    finish(entry, std::move(task_result));
  } catch (...) {
    end(caught());
  }
}

// A worker that cannot work drops its tasks; they are reassigned after the lease.
void QueueSession::finish(std::string entry, TaskResult task_result) {
  if (is_of_pool(task_result)) return end(task_result.result.error());
  const std::uint64_t task = task_result.task.id;
  std::string message = std::move(task_result.encoded);
  if (message.empty()) message = encode(WorkerEvent(std::move(task_result)));
  {
    const Lock lock(mutex_);
    finished_.push_back({std::move(entry), task, std::move(message)});
  }
  wake_sending_.notify_one();
}

}  // namespace repopipe
