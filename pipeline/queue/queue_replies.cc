#include "pipeline/queue/queue_replies.h"

#include "pipeline/core/text.h"
#include "pipeline/queue/queue_keys.h"
#include "pipeline/queue/redis.h"

namespace repopipe {
namespace {

constexpr std::string_view kAtOnce = "100";

}  // namespace

Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on,
                       const std::function<void(std::uint64_t, std::string_view)>& take) {
  auto redis = Redis::connect(address);
  if (!redis) return fail(redis.error());
  const std::string block = std::to_string(Redis::kLongestBlock.count());
  std::string last = "0";
  while (goes_on()) {
    const auto reply =
        redis->ask({"XREAD", "COUNT", kAtOnce, "BLOCK", block, "STREAMS", stream, last});
    if (!reply) return fail(reply.error());
    if (reply->value().is_error()) {
      return fail(FailureKind::queue, "Redis: " + printable(reply->value().text()));
    }
    const RedisValue entries = reply->value()[0][1];
    RedisWords remove{"XDEL", stream};
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const RedisValue entry = entries[i];
      last = entry[0].text();
      remove.push_back(entry[0].text());
      take(entry[1].member(kTicketField).number_in_text(), entry[1].member(kMessageField).text());
    }
    if (entries.size() == 0) continue;
    const auto removed = redis->ask(remove);
    if (!removed) return fail(removed.error());
  }
  return {};
}

}  // namespace repopipe
