#include "pipeline/workers/processes/pool_loop.h"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"

namespace repopipe {
namespace {

const std::vector<std::string> kArguments{"worker", "--socket",
                                          std::to_string(Subprocess::kSocket)};

using namespace std::chrono_literals;

// Interval for checking response times and memory.
constexpr auto kCheckEvery = 250ms;
// A result has at most the text of the body that it was parsed from, plus some bytes per field.
constexpr std::size_t kMessageBeyondBody = 64UL << 20;
// Time for a worker that has closed its socket to exit, so that its exit status is known.
constexpr auto kLastMoments = 500ms;

}  // namespace

PoolLoop::PoolLoop(PoolOptions options, Resources resources, const Clock& clock, PoolInbox& inbox)
    : options_(std::move(options)),
      resources_(resources),
      clock_(clock),
      inbox_(inbox),
      secrets_(options_.secrets),
      restarts_(std::min(options_.processes, options_.settings.concurrency)) {
  secrets_.insert(secrets_.end(), options_.tokens.begin(), options_.tokens.end());
  options_.processes = std::min(options_.processes, options_.settings.concurrency);
  workers_.resize(static_cast<std::size_t>(options_.processes));
}

PoolLoop::~PoolLoop() {
  {
    const Lock lock(inbox_.mutex);
    std::ranges::move(inbox_.tasks, std::back_inserter(waiting_));
    inbox_.tasks.clear();
  }
  cancel_queued();
  for (auto& worker : workers_) {
    if (!worker) continue;
    for (const auto& task : worker->leave_behind()) {
      task->fail({FailureKind::cancelled, "the run is over"});
    }
    worker->child().hang_up();  // the worker ends when its socket is closed
  }
  for (auto& worker : workers_) {
    if (worker) worker->child().ended_within(kLastMoments);
  }
}

void PoolLoop::run() {
  bool goes_on = true;
  while (goes_on) {
    try {
      goes_on = take_turn();
    } catch (...) {
      give_up_all(caught());
    }
  }
}

bool PoolLoop::take_turn() {
  if (!take_inbox()) return false;
  start_missing();
  inbox_.ready = static_cast<std::size_t>(std::ranges::count_if(
      workers_, [](const auto& worker) { return worker && worker->is_ready(); }));
  dispatch();
  wait();
  serve();
  return true;
}

// False: the pool must end.
bool PoolLoop::take_inbox() {
  std::vector<std::shared_ptr<PendingTask>> tasks;
  bool withdraws = false;
  {
    const Lock lock(inbox_.mutex);
    if (inbox_.stops) return false;
    tasks.swap(inbox_.tasks);
    withdraws = std::exchange(inbox_.withdraws, false);
  }
  for (auto& task : tasks) {
    if (broken_) {
      task->fail(*broken_);
    } else {
      waiting_.push_back(std::move(task));
    }
  }
  if (!withdraws) return true;
  cancel_queued();
  for (auto& worker : workers_) {
    if (worker) worker->withdraw_waiting();
  }
  return true;
}

void PoolLoop::start_missing() {
  for (std::size_t place = 0; place < workers_.size(); ++place) {
    while (!workers_[place] && !broken_ &&
           clock_.now() >= restarts_.next_start(has_ready_worker())) {
      start(place);
    }
  }
}

void PoolLoop::start(std::size_t place) {
  auto child = Subprocess::start(options_.program, kArguments, secrets_);
  if (!child) return cannot_start(child.error());
  const std::size_t longest = options_.settings.max_body.count + kMessageBeyondBody;
  workers_[place].emplace(std::move(*child), configure_of(place), longest, clock_.now());
}

void PoolLoop::cannot_start(const Failure& why) {
  restarts_.failed_to_start(FailureKind::internal, clock_.now());
  if (restarts_.is_pointless(has_ready_worker())) {
    give_up_all(why);
  } else if (has_ready_worker()) {
    options_.warn(why.message + "; the other workers continue");
  }
}

bool PoolLoop::has_ready_worker() const {
  return std::ranges::any_of(workers_,
                             [](const auto& worker) { return worker && worker->is_ready(); });
}

// The concurrency of the job is split between the workers.
Configure PoolLoop::configure_of(std::size_t place) const {
  Configure configure{options_.settings, options_.tokens};
  const int all = options_.settings.concurrency;
  configure.settings.concurrency =
      all / options_.processes + (static_cast<int>(place) < all % options_.processes ? 1 : 0);
  configure.settings.parse_concurrency =
      (options_.settings.parse_concurrency + options_.processes - 1) / options_.processes;
  return configure;
}

// Gives each task to the worker with the fewest tasks.  A task that must be alone may wait for a
// worker without tasks; one worker gets no new tasks until then, and other tasks overtake it.
void PoolLoop::dispatch() {
  std::deque<std::shared_ptr<PendingTask>> left;
  const WorkerProcess* reserved = nullptr;
  for (; !waiting_.empty(); waiting_.pop_front()) {
    auto& task = waiting_.front();
    WorkerProcess* best = choose(task->task(), reserved);
    if (best != nullptr && best->can_take(task->task())) {
      best->take(task, clock_.now());  // a copy: without memory the task is still in the queue
      continue;
    }
    if (must_be_alone(task->task()) && reserved == nullptr) reserved = best;
    left.push_back(std::move(task));
  }
  waiting_ = std::move(left);
  for (auto& worker : workers_) {
    if (worker) worker->flush();
  }
}

// A worker that can take the task now, or when its tasks are complete.
WorkerProcess* PoolLoop::choose(const Task& task, const WorkerProcess* reserved) {
  WorkerProcess* best = nullptr;
  for (auto& worker : workers_) {
    if (!worker || &*worker == reserved) continue;
    if (!must_be_alone(task) && !worker->can_take(task)) continue;
    if (best == nullptr || worker->load() < best->load()) best = &*worker;
  }
  return best;
}

void PoolLoop::wait() {
  polled_.assign(1, {inbox_.wake.number(), POLLIN, 0});
  bool is_busy = false;  // or about to start a worker
  for (auto& worker : workers_) {
    is_busy = is_busy || (!worker && !broken_);
    if (!worker) continue;
    const bool sends = worker->has_more_to_send();
    const auto events = static_cast<short>(sends ? POLLIN | POLLOUT : POLLIN);
    polled_.push_back({worker->child().socket(), events, 0});
    polled_.push_back({worker->child().handle(), POLLIN, 0});
    is_busy = is_busy || worker->is_busy();
  }
  int timeout = is_busy ? static_cast<int>(kCheckEvery / 1ms) : -1;
  if (inbox_.has_something()) timeout = 0;
  poll(polled_.data(), polled_.size(), timeout);
  eventfd_t rings = 0;
  eventfd_read(inbox_.wake.number(), &rings);
}

void PoolLoop::serve() {
  const Time now = clock_.now();
  const bool checks = now >= next_check_;
  // A process that was stopped (Ctrl-Z) could not read the messages of its workers.
  const bool was_stopped = checks && now - next_check_ >= options_.response_timeout / 2;
  if (checks) next_check_ = now + kCheckEvery;
  for (std::size_t place = 0, i = 1; place < workers_.size(); ++place) {
    auto& worker = workers_[place];
    if (!worker) continue;
    const short socket = polled_[i].revents;
    const short handle = polled_[i + 1].revents;
    i += 2;
    if ((socket & POLLOUT) != 0) worker->flush();
    if (was_stopped) worker->excuse(now);
    std::optional<WorkerExit> loss;
    if (((socket & ~POLLOUT) | handle) != 0) loss = loss_of_worker(*worker, handle != 0);
    if (!loss && checks) loss = check(*worker);
    if (loss) give_up(place, *loss);
  }
}

// Reads the messages of a worker; returns its exit if it is lost.
std::optional<WorkerExit> PoolLoop::loss_of_worker(WorkerProcess& worker, bool has_ended) {
  const bool was_ready = worker.is_ready();
  const auto settled = worker.listen(resources_, options_, clock_.now());
  if (!settled)
    return WorkerExit{FailureKind::worker_crashed,
                      "sent an invalid message: " + settled.error().message};
  if (*settled > 0) restarts_.settled();
  if (!was_ready && worker.is_ready()) restarts_.got_ready();
  // Processes that the worker started may still hold its socket.
  if (!worker.has_hung_up() && !(has_ended && worker.is_quiet())) return std::nullopt;
  const auto end = worker.child().ended_within(kLastMoments);
  return end ? loss_of(*end) : WorkerExit{FailureKind::worker_crashed, "hung up"};
}

std::optional<WorkerExit> PoolLoop::check(WorkerProcess& worker) {
  const Bytes memory = worker.child().memory();
  if (memory > options_.memory) {
    return WorkerExit{FailureKind::worker_crashed,
                      fmt::format("used {} of memory, more than the {} of execution.worker_memory",
                                  show(memory), show(options_.memory))};
  }
  if (!worker.is_silent_since(clock_.now() - options_.response_timeout)) return std::nullopt;
  return WorkerExit{FailureKind::worker_crashed,
                    fmt::format("no response for {}", show_rounded(options_.response_timeout))};
}

void PoolLoop::give_up(std::size_t place, const WorkerExit& loss) {
  WorkerProcess& worker = *workers_[place];
  const std::string line =
      fmt::format("worker {} (process {}) {}", place + 1, worker.child().pid(), loss.words);
  if (worker.is_ready()) {
    restarts_.lost();
  } else {
    restarts_.failed_to_start(loss.kind, clock_.now());
  }
  leave_tasks(worker, loss.kind, "its worker " + loss.words);
  workers_[place].reset();
  if (restarts_.is_pointless(has_ready_worker())) {
    give_up_all({loss.cause, "worker processes cannot be used: " + line});
  } else {
    ++inbox_.lost;
    options_.warn(line + "; restarted");
  }
}

// A worker that was not ready has not received its tasks, so they did not crash it.
void PoolLoop::leave_tasks(WorkerProcess& worker, FailureKind kind, const std::string& why) {
  const Failure failure{worker.is_ready() ? kind : FailureKind::worker_lost, why};
  for (const auto& task : worker.leave_behind()) {
    if (worker.is_ready()) {
      task->fail(failure);
    } else {
      task->fail_unseen(failure);
    }
  }
}

void PoolLoop::give_up_all(const Failure& why) {
  broken_ = breakdown(why);
  for (auto& worker : workers_) {
    if (!worker) continue;
    leave_tasks(*worker, FailureKind::worker_lost, "its worker was stopped: " + why.message);
    worker.reset();
  }
  for (const auto& task : waiting_) task->fail(*broken_);
  waiting_.clear();
}

void PoolLoop::cancel_queued() {
  for (const auto& task : waiting_) task->fail({FailureKind::cancelled, "the run is stopping"});
  waiting_.clear();
}

}  // namespace repopipe
