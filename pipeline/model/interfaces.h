// The interfaces between the layers.  Each has a fake under tests/.
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

// The checked entries of a job: usernames, and lists of accounts such as `members:acme`.  Only the
// list in the job file is in memory; a list in a file or from standard input stays on disk, and
// UsernameReader reads it during the run.

struct UserList {
  std::vector<std::string> inline_entries;  // `source.usernames`
  Descriptor file;                     // one login per line, "#" comments; closed: there is none
  std::string file_name;               // of `file`, for messages
  std::uint64_t count = 0;             // entries of both lists, including duplicates
  std::uint64_t file_fingerprint = 0;  // of the logins in `file`
  const Provider* provider = providers().front();  // defines the form of the entries
};

// The users of a run, in blocks.  Threading: one thread at a time.
class SubjectSource {
 public:
  virtual ~SubjectSource() = default;
  // The next users, at most a few hundred; empty: the end of the list.
  virtual Result<std::vector<Subject>> next_block() = 0;
  // The user of an earlier block (by login and resource), with what the database knows of it now.
  virtual Result<Subject> recall(Subject subject) { return subject; }
  // Subjects that a listing has brought, such as the members of an organisation: those of them that
  // this run is to list and has not yet, with what is known of them.  They need not be in a block.
  virtual Result<std::vector<Subject>> expand(std::vector<Subject> subjects) { return subjects; }
};

// Sends tasks to the API and returns responses.  Threading: `submit` from any thread.  `done` runs
// exactly once per task on a thread of the client, also if the request fails or the client is
// destroyed; it must not block.
class HttpClient {
 public:
  using Done = std::function<void(FetchResult)>;
  virtual ~HttpClient() = default;
  virtual void submit(std::shared_ptr<PendingTask> task, Done done) = 0;
  // Tasks whose requests have not been sent fail as `cancelled`.  Threading: any.
  virtual void cancel_queued() = 0;
};

// The workers of an executor.
struct WorkerCounts {
  std::size_t ready = 0;
  std::size_t wanted = 0;  // 0: any number
  std::uint64_t lost = 0;  // that were replaced

  friend bool operator==(const WorkerCounts&, const WorkerCounts&) = default;
};

// Fetches and parses tasks, in this process or elsewhere.  Every task is completed exactly once on
// a thread of the executor, also if workers are lost or the executor is destroyed; the callback
// must not block.  Threading: any thread.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void submit(std::shared_ptr<PendingTask> task) = 0;
  // Tasks whose requests have not been sent fail as `cancelled`.
  virtual void cancel_queued() = 0;
  // Nothing: it has none.
  virtual std::optional<WorkerCounts> workers() const { return std::nullopt; }
};

// Stores listings, many in one transaction.  Threading: one thread at a time.
class Store {
 public:
  virtual ~Store() = default;
  // Writes a listing into the open transaction, or begins one.  `listing` is only read.  A failure
  // rolls the whole transaction back; the next call begins another.
  virtual Result<Stored> add(const Listing& listing) = 0;
  // Commits the transaction if one is open.  After a failure nothing of it is stored.
  virtual Status commit() = 0;
  // Rolls the transaction back.
  virtual void abandon() noexcept = 0;
};

}  // namespace repopipe
