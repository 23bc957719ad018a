// QueueSession: the thread that sends results and renews claims.
#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/workers/queue/queue_session.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// Pause after Redis refused a result, for example out of memory.
constexpr std::chrono::milliseconds kPause = 200ms;
// The longest interval between two commands, whatever the lease.
constexpr Duration kLongestSilence = 1s;

}  // namespace

void QueueSession::send_all() {
  auto redis = Redis::connect(options_.address);
  if (!redis) return end(redis.error());
  const Duration renewal = std::min<Duration>(options_.lease / 4, kLongestSilence);
  Time next_renewal = clock_.now();
  std::vector<Finished> finished;
  while (wait_for_finished(finished, renewal)) {
    Status good = finished.empty() ? Status{} : send(*redis, finished);
    if (good && clock_.now() >= next_renewal) {
      good = renew(*redis);
      next_renewal = clock_.now() + renewal;
    }
    if (!good) return end(good.error());
  }
  {
    const Lock lock(mutex_);
    if (stops_) return;
  }
  std::vector<RedisWords> last = pending_acks_.commands();
  last.push_back({"XGROUP", "DELCONSUMER", keys_.tasks, kWorkersGroup, options_.name});
  const auto left = redis->ask_all(last);
  end(left ? Failure{FailureKind::queue, ""} : left.error());
}

// False: nothing is left to send, or sending is useless.  What Redis refused stays in `finished`
// and is sent again later.
bool QueueSession::wait_for_finished(std::vector<Finished>& finished, Duration longest) {
  Lock lock(mutex_);
  const auto is_drained = [this]()
                              REQUIRES(mutex_) { return drains_ && !takes_ && taken_.is_empty(); };
  if (finished.empty()) {
    refused_since_.reset();
    wake_sending_.wait_for(lock, longest, [&]() REQUIRES(mutex_) {
      return stops_ || !finished_.empty() || is_drained();
    });
  } else {
    if (!refused_since_) refused_since_ = clock_.now();
    wake_sending_.wait_for(lock, kPause, [this]() REQUIRES(mutex_) { return stops_; });
  }
  std::ranges::move(finished_, std::back_inserter(finished));
  finished_.clear();
  if (stops_) return false;
  if (!drains_ || !refused_since_ || clock_.now() - *refused_since_ < options_.lease) {
    return !(is_drained() && finished.empty());
  }
  lock.unlock();
  end({FailureKind::queue, "Redis accepts no replies; its tasks are reassigned"});
  return false;
}

// First the result, then the acknowledgement: after a crash between them the result is sent twice,
// and the run uses one.
Status QueueSession::send(Redis& redis, std::vector<Finished>& finished) {
  std::vector<RedisWords> commands = pending_acks_.commands();
  const std::size_t before = commands.size();
  std::vector<std::string> numbers(finished.size());
  for (std::size_t i = 0; i < finished.size(); ++i) {
    numbers[i] = std::to_string(finished[i].task);
    commands.push_back({"XADD", keys_.replies, "NOMKSTREAM", "*", kTaskField, numbers[i],
                        kMessageField, finished[i].message, kWorkerField, options_.name});
  }
  const auto replies = redis.ask_all(commands);
  if (!replies) return fail(replies.error());
  pending_acks_.clear();
  std::vector<std::string> answered;
  std::vector<Finished> refused;
  for (std::size_t i = 0; i < finished.size(); ++i) {
    const RedisValue added = (*replies)[before + i].value();
    if (added.is_nil()) return fail(FailureKind::queue, "");  // the run is over
    if (added.is_error()) {
      const Failure objection = redis.objection(added);
      if (ends_run(objection)) return fail(objection);
      refused.push_back(std::move(finished[i]));
    } else {
      answered.push_back(std::move(finished[i].entry));
    }
  }
  finished = std::move(refused);
  bool may_take = false;
  {
    const Lock lock(mutex_);
    for (const std::string& entry : answered) taken_.remove(entry);
    may_take = taken_.room() > 0;
  }
  if (may_take) wake_taking_.notify_one();
  settled_ += answered.size();
  for (std::string& entry : answered) pending_acks_.add(std::move(entry));
  return {};
}

// Renews the claims and checks that the run exists.  Before Redis 7.2 waiting for tasks does not
// count as activity of a consumer; reading its own pending entries does, even if there are none
// after the last id.
Status QueueSession::renew(Redis& redis) {
  const std::vector<std::string> entries = [this] {
    const Lock lock(mutex_);
    return taken_.ids();
  }();
  std::vector<RedisWords> commands{{"EXISTS", keys_.run},
                                   {"GET", keys_.withdrawn},
                                   {"XREADGROUP", "GROUP", kWorkersGroup, options_.name, "COUNT",
                                    "1", "STREAMS", keys_.tasks, kBeyondEverything}};
  if (!entries.empty()) {
    RedisWords claim{"XCLAIM", keys_.tasks, kWorkersGroup, options_.name, "0"};
    claim.insert(claim.end(), entries.begin(), entries.end());
    claim.emplace_back("JUSTID");
    commands.push_back(std::move(claim));
  }
  std::ranges::move(pending_acks_.commands(),
                    std::back_inserter(commands));  // if nothing else is to be sent
  const auto replies = redis.ask_all(commands);
  if (!replies) return fail(replies.error());
  pending_acks_.clear();
  for (const RedisReply& reply : *replies) {
    if (!reply.value().is_error()) continue;
    const Failure objection = redis.objection(reply.value());
    if (ends_run(objection)) return fail(objection);
  }
  if (replies->front().value().number() == 0) return fail(FailureKind::queue, "");
  call_back((*replies)[1].value().number_in_text());
  return {};
}

void QueueSession::call_back(std::uint64_t last) {
  std::vector<ClaimedTasks::Entry> back = [&] {
    const Lock lock(mutex_);
    return taken_.call_back(last);
  }();
  const Failure stopping{FailureKind::cancelled, "the run is stopping"};
  for (ClaimedTasks::Entry& each : back) {
    TaskResult result = unfinished(each.task, stopping);
    result.task = std::move(each.task);
    finish(std::move(each.id), std::move(result));
  }
}

}  // namespace repopipe
