// What a run does on Redis: it announces itself, puts tasks on its stream, and takes back what no
// worker has, or what a worker had that is gone.  One object for each try: when Redis was lost or
// emptied, the run begins anew under another id.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/queue_address.h"
#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {
struct PostedTask {
  std::uint64_t id = 0;
  std::string message;
};

// Workers that take from the stream `tasks` and gave a sign within that time.
Result<std::size_t> count_workers(Redis& redis, const std::string& tasks,
                                  std::chrono::milliseconds within);

// Threading: one thread at a time.  A failure of any call is of kind `queue`, or of kind `job` if
// it will not pass, and the object is of no use any more, unless it says otherwise.
class QueueRun {
 public:
  // Connects and announces.  A failure of kind `job` will not pass.  `lost`: the id that the run
  // had before, if its keys may still be there; they are removed first.
  static Result<QueueRun> open(const QueueAddress& address, const RunInfo& run_info,
                               const std::string& lost = {});

  const std::string& id() const { return id_; }
  const QueueKeys& keys() const { return keys_; }

  // Puts tasks on the stream.  Those that Redis refuses, out of memory perhaps, are answered with
  // its reason.
  Result<std::map<std::uint64_t, std::string>> post(const std::vector<PostedTask>& tasks);

  // Keeps the keys alive; false: they are gone, somebody has emptied the database.  A failure too
  // when Redis is out of memory: then workers cannot answer.
  Result<bool> renew();
  // Takes the tasks of workers that gave no sign for that long off the stream.
  Result<std::vector<std::uint64_t>> claim_expired(std::chrono::milliseconds lease);
  // Takes the tasks that no worker has got yet off the stream.
  Result<std::vector<std::uint64_t>> withdraw();
  // Workers that gave a sign within that time.
  Result<std::size_t> count_workers(std::chrono::milliseconds within) {
    return repopipe::count_workers(redis_, keys_.tasks, within);
  }
  // Workers that do not take part, and why.
  Result<std::map<std::string, std::string>> refused();

  // Removes every key of the run.
  Status close();

 private:
  QueueRun(Redis redis, const QueueAddress& address, const std::string& id);
  Status announce(const RunInfo& run_info);
  Result<std::vector<std::uint64_t>> take_off(RedisValue entries);

  Redis redis_;
  std::string id_;
  std::uint64_t last_posted_ = 0;  // the highest number
  std::string runs_;
  std::string news_;
  QueueKeys keys_;
};

// What workers send back to a run: read off its stream as it comes.

// The connection may be asked something meanwhile.
using TakeReply = std::function<void(std::uint64_t task, std::string_view message,
                                     std::string_view worker, Redis& redis)>;

// Hands every reply to `take`, with the number of its task and the name of its worker, and trims
// the stream, for as long as `goes_on` says so; it is asked about once a second.  On a connection
// of its own.  A failure is of kind `queue`, or of kind `job` if it will not pass.
Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on, const TakeReply& take);

}  // namespace repopipe
