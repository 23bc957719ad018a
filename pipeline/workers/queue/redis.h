// A blocking connection to Redis (hiredis), its commands and replies.
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
// A reply or an element of one; valid as long as its RedisReply.
class RedisValue {
 public:
  explicit RedisValue(const redisReply* reply) : reply_(reply) {}

  bool is_nil() const { return reply_->type == REDIS_REPLY_NIL; }
  bool is_error() const { return reply_->type == REDIS_REPLY_ERROR; }
  // The value of a string, status or error; else empty.
  std::string_view text() const;
  // The value of a string of digits; else 0.
  std::uint64_t number_in_text() const;
  // The value of an integer; else 0.
  long long number() const { return reply_->type == REDIS_REPLY_INTEGER ? reply_->integer : 0; }
  // The number of elements of an array; else 0.
  std::size_t size() const { return reply_->type == REDIS_REPLY_ARRAY ? reply_->elements : 0; }
  RedisValue operator[](std::size_t index) const;
  // The value after a name in a flat array of names and values; nil: there is none.
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

// Threading: one thread at a time.  After a failure the connection must not be used any more,
// except after a failure of kind `job`, which names what Redis rejects.  The program must ignore
// SIGPIPE, because hiredis writes to closed connections.
class Redis {
 public:
  // Fails with `queue` if Redis cannot be reached; with `job` if it rejects the password or the
  // database, is a cluster, or is older than 6.2.
  static Result<Redis> connect(const QueueAddress& address);

  // Sends a command and waits for its reply, which may be an error: see RedisValue::is_error.  A
  // failure is of kind `queue`.  A blocking command must not block for more than kLongestBlock.
  Result<RedisReply> ask(const RedisWords& words);
  // All replies in order, in one round trip.
  Result<std::vector<RedisReply>> ask_all(const std::vector<RedisWords>& commands);

  // A failure for an error reply, see objection_of_redis().
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

// Whether an error of Redis is permanent, and its remedy.

// Of kind `job` if repeating cannot help: a cluster, missing permissions, a missing command; then
// the message has a remedy.  Else of kind `queue`.  `name` is the address without secrets.
Failure objection_of_redis(std::string_view name, std::string_view error);

// The same for errors while connecting, where an error is permanent unless it is known to pass.
Failure refusal_of_redis(std::string_view name, std::string_view error);

}  // namespace repopipe
