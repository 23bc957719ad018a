// The keys of a run on Redis, and those that all runs under a prefix share.
//
//   PREFIX:runs             set of the runs' ids; those without a PREFIX:ID:run are over
//   PREFIX:news             stream: a run has begun; gone when one ends
//   PREFIX:ID:run           hash: version, job, run info (MessagePack); lives while the run
//                           renews it
//   PREFIX:ID:tasks       stream with the consumer group `workers`: t number, m MessagePack
//   PREFIX:ID:replies       stream: t number, m MessagePack, w name of the worker
//   PREFIX:ID:refused       hash: worker to reason
//   PREFIX:ID:withdrawn     the number of the last task that is not to be begun any more, if it
//                           has not been yet
#pragma once

#include <string>

namespace repopipe {

inline constexpr const char* kWorkersGroup = "workers";
// The run's own name in that group, under which it takes back what nobody has.
inline constexpr const char* kRunItself = "the-run";
// The id of no entry of a stream.
inline constexpr const char* kBeyondEverything = "18446744073709551615-0";
// For people: what somebody who empties the database leaves to say.
inline constexpr const char* kKeysAreGone = "the keys of this run are gone from Redis";
// How long the keys outlive a run that is killed: milliseconds.
inline constexpr const char* kTimeToLive = "60000";
inline constexpr const char* kTaskField = "t";
inline constexpr const char* kMessageField = "m";
inline constexpr const char* kWorkerField = "w";

struct QueueKeys {
  QueueKeys(const std::string& prefix, const std::string& id)
      : run(prefix + ":" + id + ":run"),
        tasks(prefix + ":" + id + ":tasks"),
        replies(prefix + ":" + id + ":replies"),
        refused(prefix + ":" + id + ":refused"),
        withdrawn(prefix + ":" + id + ":withdrawn") {}

  static std::string runs(const std::string& prefix) { return prefix + ":runs"; }
  static std::string news(const std::string& prefix) { return prefix + ":news"; }

  std::string run, tasks, replies, refused, withdrawn;
};

}  // namespace repopipe
