#include "pipeline/workers/queue/queue_replies.h"

#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"

namespace repopipe {
namespace {

constexpr std::string_view kAtOnce = "100";

}  // namespace

Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on, const TakeReply& take) {
  auto redis = Redis::connect(address);
  if (!redis) return fail(redis.error());
  const std::string block = std::to_string(Redis::kLongestBlock.count());
  std::string last = "0";
  std::vector<std::string> taken;  // to be removed along with the next question
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
