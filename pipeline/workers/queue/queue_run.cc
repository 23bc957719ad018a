#include "pipeline/workers/queue/queue_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

// More than the entries of a run.
constexpr std::string_view kEverything = "10000";

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

tl::unexpected<Failure> objection_of(const Redis& redis, const RedisValue& error) {
  const bool is_gone = error.text().starts_with("NOGROUP") || error.text() == "ERR no such key";
  if (is_gone) return fail(FailureKind::queue, kKeysAreGone);
  return fail(redis.objection(error));
}

// The reply, or a failure if it is an error.
Result<RedisReply> good(const Redis& redis, Result<RedisReply> reply) {
  if (reply && reply->value().is_error()) return objection_of(redis, reply->value());
  return reply;
}

// The replies to the commands of a transaction are elements of the last reply.
Status all_good(const Redis& redis, const Result<std::vector<RedisReply>>& replies) {
  if (!replies) return fail(replies.error());
  for (const RedisReply& reply : *replies) {
    if (reply.value().is_error()) return objection_of(redis, reply.value());
  }
  const RedisValue last = replies->back().value();
  for (std::size_t i = 0; i < last.size(); ++i) {
    if (last[i].is_error()) return objection_of(redis, last[i]);
  }
  return {};
}

}  // namespace

Result<QueueRun> QueueRun::open(const QueueAddress& address, const RunInfo& run_info,
                                const std::string& lost) {
  auto redis = Redis::connect(address);
  if (!redis) return fail(redis.error());
  if (!lost.empty()) {
    QueueRun before(std::move(*redis), address, lost);
    if (auto closed = before.close(); !closed) return fail(closed.error());
    redis = std::move(before.redis_);
  }
  QueueRun run(std::move(*redis), address, new_id());
  if (auto announced = run.announce(run_info); !announced) return fail(announced.error());
  return run;
}

QueueRun::QueueRun(Redis redis, const QueueAddress& address, const std::string& id)
    : redis_(std::move(redis)),
      id_(id),
      runs_(QueueKeys::runs(address.prefix)),
      news_(QueueKeys::news(address.prefix)),
      keys_(address.prefix, id) {}

// One transaction, so that no key stays without an expiry.
Status QueueRun::announce(const RunInfo& run_info) {
  const std::string message = encode(run_info);
  return all_good(
      redis_, redis_.ask_all({{"MULTI"},
                              {"XGROUP", "CREATE", keys_.tasks, kWorkersGroup, "0", "MKSTREAM"},
                              {"XGROUP", "CREATE", keys_.replies, kWorkersGroup, "0", "MKSTREAM"},
                              {"HSET", keys_.run, "version", run_info.version, "job", run_info.job,
                               "run_info", message},
                              {"PEXPIRE", keys_.tasks, kTimeToLive},
                              {"PEXPIRE", keys_.replies, kTimeToLive},
                              {"PEXPIRE", keys_.run, kTimeToLive},
                              {"SADD", runs_, id_},
                              {"PEXPIRE", runs_, kTimeToLive},
                              {"XADD", news_, "MAXLEN", "1", "*", "run", id_},
                              {"PEXPIRE", news_, kTimeToLive},
                              {"EXEC"}}));
}

Result<std::map<std::uint64_t, std::string>> QueueRun::post(const std::vector<PostedTask>& tasks) {
  std::vector<std::string> ids;
  std::vector<RedisWords> commands;
  ids.reserve(tasks.size());
  for (const PostedTask& task : tasks) {
    ids.push_back(std::to_string(task.id));
    last_posted_ = std::max(last_posted_, task.id);
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    commands.push_back({"XADD", keys_.tasks, "NOMKSTREAM", "*", kTaskField, ids[i], kMessageField,
                        tasks[i].message});
  }
  const auto replies = redis_.ask_all(commands);
  if (!replies) return fail(replies.error());
  std::map<std::uint64_t, std::string> refused;
  for (std::size_t i = 0; i < replies->size(); ++i) {
    const RedisValue value = (*replies)[i].value();
    if (value.is_nil()) return fail(FailureKind::queue, kKeysAreGone);
    if (!value.is_error()) continue;
    const Failure objection = redis_.objection(value);
    if (ends_run(objection)) return fail(objection);
    refused.emplace(tasks[i].id, printable(value.text()));
  }
  return refused;
}

Result<bool> QueueRun::renew() {
  const auto replies = redis_.ask_all({{"PEXPIRE", keys_.run, kTimeToLive},
                                       {"PEXPIRE", keys_.tasks, kTimeToLive},
                                       {"PEXPIRE", keys_.replies, kTimeToLive}});
  if (!replies) return fail(replies.error());
  for (const RedisReply& reply : *replies) {
    if (reply.value().is_error()) return objection_of(redis_, reply.value());
    if (reply.value().number() != 1) return false;
  }
  // Without memory Redis refuses the first command, as it refuses the results of workers.
  const auto known =
      all_good(redis_, redis_.ask_all({{"SADD", runs_, id_}, {"PEXPIRE", runs_, kTimeToLive}}));
  if (!known) return fail(known.error());
  return true;
}

Result<std::vector<std::uint64_t>> QueueRun::claim_expired(std::chrono::milliseconds lease) {
  const std::string idle = std::to_string(lease.count());
  const auto reply = good(redis_, redis_.ask({"XAUTOCLAIM", keys_.tasks, kWorkersGroup, kRunItself,
                                              idle, "0-0", "COUNT", kEverything}));
  if (!reply) return fail(reply.error());
  return take_off(reply->value()[1]);
}

// Workers drop tasks that they have not started.  If Redis has no memory for that notice, the rest
// is done anyway.
Result<std::vector<std::uint64_t>> QueueRun::withdraw() {
  const auto reply = good(redis_, redis_.ask({"XREADGROUP", "GROUP", kWorkersGroup, kRunItself,
                                              "COUNT", kEverything, "STREAMS", keys_.tasks, ">"}));
  if (!reply) return fail(reply.error());
  const auto told =
      redis_.ask({"SET", keys_.withdrawn, std::to_string(last_posted_), "PX", kTimeToLive});
  if (!told) return fail(told.error());
  return take_off(reply->value()[0][1]);
}

Result<std::vector<std::uint64_t>> QueueRun::take_off(RedisValue entries) {
  std::vector<std::uint64_t> ids;
  RedisWords acknowledge{"XACK", keys_.tasks, kWorkersGroup};
  RedisWords remove{"XDEL", keys_.tasks};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].size() == 0) continue;  // the entry is deleted already (Redis 6.2)
    acknowledge.push_back(entries[i][0].text());
    remove.push_back(entries[i][0].text());
    ids.push_back(entries[i][1].member(kTaskField).number_in_text());
  }
  if (ids.empty()) return ids;
  const auto done = all_good(redis_, redis_.ask_all({acknowledge, remove}));
  if (!done) return fail(done.error());
  return ids;
}

Result<std::size_t> count_workers(Redis& redis, const std::string& tasks,
                                  std::chrono::milliseconds within) {
  const auto reply = good(redis, redis.ask({"XINFO", "CONSUMERS", tasks, kWorkersGroup}));
  if (!reply) return fail(reply.error());
  std::size_t count = 0;
  for (std::size_t i = 0; i < reply->value().size(); ++i) {
    const RedisValue consumer = reply->value()[i];
    if (consumer.member("name").text() == kRunItself) continue;
    if (consumer.member("idle").number() <= within.count()) ++count;
  }
  return count;
}

Result<std::map<std::string, std::string>> QueueRun::refused() {
  const auto reply = good(redis_, redis_.ask({"HGETALL", keys_.refused}));
  if (!reply) return fail(reply.error());
  std::map<std::string, std::string> workers;
  for (std::size_t i = 0; i + 1 < reply->value().size(); i += 2) {
    workers.emplace(printable(reply->value()[i].text()), printable(reply->value()[i + 1].text()));
  }
  return workers;
}

// The last entry only wakes a worker that waits for results, if Redis has memory for it.
Status QueueRun::close() {
  const auto replies = redis_.ask_all(
      {{"XADD", keys_.replies, "NOMKSTREAM", "*", kTaskField, "0"},
       {"SREM", runs_, id_},
       {"DEL", keys_.run, keys_.tasks, keys_.replies, keys_.refused, keys_.withdrawn, news_}});
  if (!replies) return fail(replies.error());
  const RedisValue removed = replies->back().value();
  return removed.is_error() ? objection_of(redis_, removed) : Status{};
}

namespace {

constexpr std::string_view kAtOnce = "100";

}  // namespace

Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on, const TakeReply& take) {
  auto redis = Redis::connect(address);
  if (!redis) return fail(redis.error());
  const std::string block = std::to_string(Redis::kLongestBlock.count());
  std::string last = "0";
  std::vector<std::string> taken;  // to be deleted with the next command
  while (goes_on()) {
    std::vector<RedisWords> commands;
    if (!taken.empty()) {
      commands.push_back({"XDEL", stream});
      commands[0].insert(commands[0].end(), taken.begin(), taken.end());
    }
    commands.push_back({"XREAD", "COUNT", kAtOnce, "BLOCK", block, "STREAMS", stream, last});
    const auto replies = redis->ask_all(commands);
    if (!replies) return fail(replies.error());
    const RedisValue read = replies->back().value();
    if (read.is_error()) return fail(redis->objection(read));
    const RedisValue entries = read[0][1];
    taken.clear();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const RedisValue entry = entries[i];
      const RedisValue fields = entry[1];
      take(fields.member(kTaskField).number_in_text(), fields.member(kMessageField).text(),
           fields.member(kWorkerField).text(), *redis);
      taken.emplace_back(entry[0].text());
    }
    if (!taken.empty()) last = taken.back();
  }
  return {};
}

}  // namespace repopipe
