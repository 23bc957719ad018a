// The keys on Redis.
// PREFIX:runs             set of run ids; a run without PREFIX:ID:run has ended
// PREFIX:news             stream with an entry for the start of a run; deleted when one ends
// PREFIX:ID:run           hash: version, job, run info (MessagePack); the run renews its expiry
// PREFIX:ID:tasks         stream with the consumer group `workers`: t number, m MessagePack
// PREFIX:ID:replies       stream: t number, m MessagePack, w name of the worker
// PREFIX:ID:refused       hash: worker to reason
// PREFIX:ID:withdrawn     number of the last task that must not be started any more
#pragma once

#include <string>

namespace repopipe {

inline constexpr const char* kWorkersGroup = "workers";
// The run's name in the consumer group; it claims expired tasks under this name.
inline constexpr const char* kRunItself = "the-run";
// An id greater than that of any entry.
inline constexpr const char* kBeyondEverything = "18446744073709551615-0";
// The message if somebody has emptied the database.
inline constexpr const char* kKeysAreGone = "the keys of this run are gone from Redis";
// Expiry of the keys of a killed run, in milliseconds.
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
