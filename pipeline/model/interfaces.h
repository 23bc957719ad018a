// The interfaces between the layers: what the pipeline needs of the world.  Each has a hand-written
// fake under tests/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/pending_task.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/task.h"

namespace repopipe {

// Everybody a job names, checked.  Only the job file's own list is held in memory; a list in a file
// or from standard input stays on disk and is read by UsernameReader as the run goes on.

struct UserList {
  std::vector<std::string> inline_logins;  // `source.usernames`
  Descriptor file;                         // one login a line, # comments; not open: there is none
  std::string file_name;                   // of `file`, for messages
  std::uint64_t count = 0;                 // entries of both, duplicates included
  std::uint64_t file_fingerprint = 0;      // of the logins in `file`
  UsernameRule rule = providers().front()->username;  // that they keep to
};

// Where the users come from, in blocks.  Threading: one thread at a time.
class SubjectSource {
 public:
  virtual ~SubjectSource() = default;
  // The next users, at most a few hundred; none: the list is over.
  virtual Result<std::vector<Subject>> next_block() = 0;
  // One that was in a block, by login and resource, with what is known of it by now.
  virtual Result<Subject> recall(Subject subject) { return subject; }
};

// Carries tasks to the API and brings responses back; decides nothing.
// Threading: `submit` from any thread.  `done` runs exactly once a task, on a thread of the
// engine, also when the exchange fails or the engine is destroyed; it must not block.
class HttpClient {
 public:
  using Done = std::function<void(Fetched)>;
  virtual ~HttpClient() = default;
  virtual void submit(std::shared_ptr<PendingTask> task, Done done) = 0;
  // Tasks whose requests have not been sent fail as `cancelled`.  Threading: any.
  virtual void cancel_queued() = 0;
};

// Fetches and parses, in this process or elsewhere; decides nothing.  Every task is completed, also
// when workers are lost or the executor is destroyed, on a thread of the executor; what takes the
// result must not block.  Threading: any thread.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void submit(std::shared_ptr<PendingTask> task) = 0;
  // Tasks whose requests have not been sent fail as `cancelled`.
  virtual void cancel_queued() = 0;
};

// Keeps users, a group of them in one transaction.  Threading: one thread at a time.
class Store {
 public:
  virtual ~Store() = default;
  // Writes a user into the group under way; the first one begins it.  `listing` is only read.
  // After a failure none of the group is there, and the next user begins another.
  virtual Result<Stored> add(const Listing& listing) = 0;
  // The group is in the database; after a failure none of it.  Nothing to do when there is none.
  virtual Status commit() = 0;
  // Nothing of the group under way is kept, and the next user begins another.
  virtual void abandon() noexcept = 0;
};

}  // namespace repopipe
