// A connection to Redis by hiredis, its commands and replies.  Blocking.
#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/queue_address.h"

namespace repopipe {
// A reply, or a part of one; lives as long as the RedisReply it is of.
class RedisValue {
 public:
  explicit RedisValue(const redisReply* reply) : reply_(reply) {}

  bool is_nil() const { return reply_->type == REDIS_REPLY_NIL; }
  bool is_error() const { return reply_->type == REDIS_REPLY_ERROR; }
  // Of a text, a status or an error; empty otherwise.
  std::string_view text() const;
  // Of a text of digits; 0 otherwise.
  std::uint64_t number_in_text() const;
  // Of an integer; 0 otherwise.
  long long number() const { return reply_->type == REDIS_REPLY_INTEGER ? reply_->integer : 0; }
  // Of a list; none otherwise.
  std::size_t size() const { return reply_->type == REDIS_REPLY_ARRAY ? reply_->elements : 0; }
  RedisValue operator[](std::size_t index) const;
  // The value behind a name, in a flat list of names and values; a nil when it is not there.
  RedisValue member(std::string_view name) const;

 private:
  const redisReply* reply_;
};

class RedisReply {
 public:
  explicit RedisReply(redisReply* reply) : reply_(reply) {}
  RedisValue value() const { return RedisValue(reply_.get()); }

 private:
  struct Free {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
  };
  std::unique_ptr<redisReply, Free> reply_;
};

using RedisWords = std::vector<std::string_view>;

// Threading: one thread at a time.  After a failure the connection is of no use any more, but for
// those of kind `job`, which name what Redis objects to.  The program must ignore SIGPIPE: hiredis
// writes to connections that may be gone.
class Redis {
 public:
  // Failures: `queue` when it cannot be reached; `job` when it refuses the password or the
  // database, is a cluster, or older than 6.2.
  static Result<Redis> connect(const QueueAddress& address);

  // One command and its reply, which may be an error of Redis: see RedisValue::is_error.  A failure
  // is of kind `queue`.  A command that blocks must not block for more than kLongestBlock.
  Result<RedisReply> ask(const RedisWords& words);
  // All replies in order, in one round trip.
  Result<std::vector<RedisReply>> ask_all(const std::vector<RedisWords>& commands);

  // What it objects to, see redis_error.h.
  Failure objection(const RedisValue& error) const;

  static constexpr std::chrono::milliseconds kLongestBlock{1000};

 private:
  Redis(redisContext* context, std::string name) : context_(context), name_(std::move(name)) {}
  Status introduce(const QueueAddress& address);
  Status expect_good(const RedisWords& words);
  tl::unexpected<Failure> broken() const;
  void append(const RedisWords& words);
  Result<RedisReply> next();

  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  std::unique_ptr<redisContext, Free> context_;
  std::string name_;  // for messages
};

// What an error means that Redis answers with: whether it passes, and what people can do about it.

// Of kind `job` when no repetition will help: a cluster, a user without rights, a missing command.
// Then the message ends with a remedy.  Of kind `queue` otherwise.  `name`: the address, without
// secrets.
Failure objection_of_redis(std::string_view name, std::string_view error);

// The same for what a connection begins with, where everything stays wrong that does not say that
// it passes.
Failure refusal_of_redis(std::string_view name, std::string_view error);

}  // namespace repopipe
