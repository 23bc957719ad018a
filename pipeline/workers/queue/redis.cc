#include "pipeline/workers/queue/redis.h"

#include <fmt/format.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr timeval kConnectTimeout{5, 0};
constexpr timeval kReplyTimeout{10, 0};
// The first version with XAUTOCLAIM and NOMKSTREAM.
constexpr int kOldestMajor = 6;
constexpr int kOldestMinor = 2;

constexpr redisReply kNil{REDIS_REPLY_NIL, 0, 0, nullptr, 0, nullptr};

bool is_cluster(std::string_view info) {
  return info.find("redis_mode:cluster") != info.npos;
}

bool is_old(std::string_view info) {
  constexpr std::string_view kName = "redis_version:";
  const std::size_t at = info.find(kName);
  if (at == info.npos) return false;
  const std::string_view version = info.substr(at + kName.size());
  int major = 0;
  int minor = 0;
  const auto dot = std::from_chars(version.data(), version.data() + version.size(), major).ptr;
  if (dot != version.data() + version.size()) {
    std::from_chars(dot + 1, version.data() + version.size(), minor);
  }
  return std::pair(major, minor) < std::pair(kOldestMajor, kOldestMinor);
}

}  // namespace

std::string_view RedisValue::text() const {
  switch (reply_->type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      return {reply_->str, reply_->len};
    default:  // the types of a protocol are not a closed enumeration
      return {};
  }
}

std::uint64_t RedisValue::number_in_text() const {
  const std::string_view digits = text();
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

RedisValue RedisValue::operator[](std::size_t index) const {
  return index < size() ? RedisValue(reply_->element[index]) : RedisValue(&kNil);
}

RedisValue RedisValue::member(std::string_view name) const {
  for (std::size_t i = 0; i + 1 < size(); i += 2) {
    if ((*this)[i].text() == name) return (*this)[i + 1];
  }
  return RedisValue(&kNil);
}

Result<Redis> Redis::connect(const QueueAddress& address) {
  redisContext* context =
      redisConnectWithTimeout(address.host.c_str(), address.port, kConnectTimeout);
  if (context == nullptr) return fail(FailureKind::queue, address.shown() + ": out of memory");
  Redis redis(context, address.shown());
  if (context->err != 0) return redis.broken();
  redisSetTimeout(context, kReplyTimeout);
  redisEnableKeepAlive(context);
  context->reader->maxbuf = 0;  // keep the buffer for the next reply
  if (auto introduced = redis.introduce(address); !introduced) return fail(introduced.error());
  return redis;
}

Status Redis::introduce(const QueueAddress& address) {
  Status good;
  if (!address.user.empty()) {
    good = expect_good({"AUTH", address.user, address.password});
  } else if (!address.password.empty()) {
    good = expect_good({"AUTH", address.password});
  }
  const std::string database = std::to_string(address.database);
  if (good) good = expect_good({"SELECT", database});
  if (!good) return good;
  const auto info = ask({"INFO", "server"});
  if (!info) return fail(info.error());
  if (is_cluster(info->value().text())) {
    return fail(refusal_of_redis(name_, "MOVED this server is part of a cluster"));
  }
  if (!is_old(info->value().text())) return {};
  return fail(FailureKind::job,
              fmt::format("{}: this Redis is too old, version 6.2 is needed", name_));
}

Status Redis::expect_good(const RedisWords& words) {
  const auto reply = ask(words);
  if (!reply) return fail(reply.error());
  if (!reply->value().is_error()) return {};
  return fail(refusal_of_redis(name_, reply->value().text()));
}

Failure Redis::objection(const RedisValue& error) const {
  return objection_of_redis(name_, error.text());
}

Result<RedisReply> Redis::ask(const RedisWords& words) {
  append(words);
  return next();
}

Result<std::vector<RedisReply>> Redis::ask_all(const std::vector<RedisWords>& commands) {
  for (const RedisWords& words : commands) append(words);
  std::vector<RedisReply> replies;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    auto reply = next();
    if (!reply) return fail(reply.error());
    replies.push_back(std::move(*reply));
  }
  return replies;
}

void Redis::append(const RedisWords& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  const int count = static_cast<int>(words.size());
  redisAppendCommandArgv(context_.get(), count, texts.data(), lengths.data());
}

Result<RedisReply> Redis::next() {
  void* reply = nullptr;
  if (redisGetReply(context_.get(), &reply) != REDIS_OK) return broken();
  return RedisReply(static_cast<redisReply*>(reply));
}

tl::unexpected<Failure> Redis::broken() const {
  const bool is_timeout = context_->err == REDIS_ERR_IO && errno == EAGAIN;
  return fail(FailureKind::queue,
              fmt::format("{}: {}", name_, is_timeout ? "no answer" : printable(context_->errstr)));
}

namespace {

struct Lasting {
  std::string_view start;  // of the error, in upper case
  std::string_view remedy;
};

constexpr std::string_view kSingle = "a Redis Cluster cannot serve as a queue; use a single server";
constexpr std::string_view kRights =
    "give the user all keys that begin with the prefix, and the commands of docs/execution.md";
constexpr std::string_view kCommands =
    "Redis 6.2 or later is needed, with every command of docs/execution.md under its own name";
constexpr std::string_view kPassword = "correct the user and the password of the address";
constexpr std::string_view kDatabase = "correct the number of the database in the address";
constexpr std::string_view kKeys = "another program uses these keys; choose another ?prefix=";

constexpr std::array kLasting{
    Lasting{"MOVED ", kSingle},
    Lasting{"ASK ", kSingle},
    Lasting{"CROSSSLOT", kSingle},
    Lasting{"ERR SELECT is not allowed in cluster mode", kSingle},
    Lasting{"NOPERM", kRights},
    Lasting{"ERR unknown command", kCommands},
    Lasting{"ERR unknown subcommand", kCommands},
    Lasting{"ERR syntax error", kCommands},
    Lasting{"ERR wrong number of arguments", kCommands},
    Lasting{"NOAUTH", kPassword},
    Lasting{"WRONGPASS", kPassword},
    Lasting{"ERR AUTH", kPassword},
    Lasting{"ERR Client sent AUTH", kPassword},
    Lasting{"ERR invalid password", kPassword},
    Lasting{"DENIED", "set a password on the server, or bind it to this network"},
    Lasting{"ERR DB index", kDatabase},
    Lasting{"ERR invalid DB index", kDatabase},
    Lasting{"WRONGTYPE", kKeys},
};

// Errors that pass: Redis is loading, busy or has too many clients.
constexpr std::array<std::string_view, 6> kPassing{
    "LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "ERR max number of clients"};

bool begins(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

const Lasting* find_lasting(std::string_view error) {
  const auto* const found = std::ranges::find_if(
      kLasting, [error](const Lasting& each) { return begins(error, each.start); });
  return found == kLasting.end() ? nullptr : found;
}

}  // namespace

Failure objection_of_redis(std::string_view name, std::string_view error) {
  const Lasting* const lasting = find_lasting(error);
  if (lasting == nullptr)
    return {FailureKind::queue, fmt::format("{}: {}", name, printable(error))};
  return {FailureKind::job, fmt::format("{}: {}; {}", name, printable(error), lasting->remedy)};
}

Failure refusal_of_redis(std::string_view name, std::string_view error) {
  Failure failure = objection_of_redis(name, error);
  const bool passes =
      std::ranges::any_of(kPassing, [error](auto start) { return error.starts_with(start); });
  failure.kind = passes ? FailureKind::queue : FailureKind::job;
  return failure;
}

}  // namespace repopipe
