// The Redis commands of a run: announce the run, post tasks, claim tasks whose worker is lost, and
// delete the keys.  If Redis was lost or emptied, a new object continues under a new id.
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

// Workers of the stream `tasks` that were active within that time.
Result<std::size_t> count_workers(Redis& redis, const std::string& tasks,
                                  std::chrono::milliseconds within);

// Threading: one thread at a time.  Unless noted, a failure is of kind `queue`, or of kind `job` if
// it is permanent, and the object must not be used any more.
class QueueRun {
 public:
  // Connects and announces.  A failure of kind `job` is permanent.  `lost`: the previous id of the
  // run, whose keys are deleted first if they exist.
  static Result<QueueRun> open(const QueueAddress& address, const RunInfo& run_info,
                               const std::string& lost = {});

  const std::string& id() const { return id_; }
  const QueueKeys& keys() const { return keys_; }

  // Posts tasks.  Returns those that Redis refused (for example out of memory), with the error.
  Result<std::map<std::uint64_t, std::string>> post(const std::vector<PostedTask>& tasks);

  // Renews the expiry of the keys; false: they are gone, because the database was emptied.  Also
  // fails if Redis is out of memory, since workers cannot return results then.
  Result<bool> renew();
  // Claims the tasks of workers that were inactive for `lease`, and deletes their entries.
  Result<std::vector<std::uint64_t>> claim_expired(std::chrono::milliseconds lease);
  // Deletes the entries that no worker has claimed; returns their numbers.
  Result<std::vector<std::uint64_t>> withdraw();
  // Workers that were active within that time.
  Result<std::size_t> count_workers(std::chrono::milliseconds within) {
    return repopipe::count_workers(redis_, keys_.tasks, within);
  }
  // Refused workers and the reasons.
  Result<std::map<std::string, std::string>> refused();

  // Deletes all keys of the run.
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

// Reading the results of workers.

// Called for each result; it may use the connection.
using TakeReply = std::function<void(std::uint64_t task, std::string_view message,
                                     std::string_view worker, Redis& redis)>;

// Reads results on a connection of its own and calls `take` with each, its task number and its
// worker; then deletes them from the stream.  Ends when `goes_on` returns false, which is called
// about once a second.  A failure is of kind `queue`, or of kind `job` if it is permanent.
Status collect_replies(const QueueAddress& address, const std::string& stream,
                       const std::function<bool()>& goes_on, const TakeReply& take);

}  // namespace repopipe
