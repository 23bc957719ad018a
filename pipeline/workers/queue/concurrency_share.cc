#include "pipeline/workers/queue/concurrency_share.h"

#include <algorithm>

namespace repopipe {
namespace {

constexpr Duration kRenewal = std::chrono::seconds(1);
// Milliseconds.  A worker that is there asks for tasks more often than that.
constexpr long long kSignOfLife = 3000;

}  // namespace

std::optional<std::size_t> ConcurrencyShare::look(Redis& redis, Time now) {
  if (now < next_look_) return std::nullopt;
  next_look_ = now + kRenewal;
  const auto reply = redis.ask({"XINFO", "CONSUMERS", keys_.tasks, kWorkersGroup});
  if (!reply || reply->value().is_error()) return std::nullopt;
  std::size_t others = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < reply->value().size(); ++i) {
    const RedisValue consumer = reply->value()[i];
    const auto other = consumer.member("name").text();
    if (other == name_ || other == kRunItself) continue;
    if (consumer.member("idle").number() >= kSignOfLife) continue;
    ++others;
    if (other < name_) ++before;
  }
  has_others_ = others > 0;
  const std::size_t all = others + 1;
  const std::size_t share = exchanges_ / all + (before < exchanges_ % all ? 1 : 0);
  return std::max<std::size_t>(share, 1);
}

}  // namespace repopipe
