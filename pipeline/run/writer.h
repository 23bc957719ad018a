// The thread that writes listings into the store.  It adds listings to a transaction and commits it
// when no listing waits or when it is large.  It has its own thread, so that a slow disk does not
// block the others.  Used by the run graph.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"

namespace repopipe {

// Subjects whose rows are in the open transaction: the writer has freed their listings.
struct Written {
  std::vector<SubjectHandle> subjects;
};

// The result of one listing.
struct Committed {
  SubjectHandle subject;
  Result<Stored> result;
  Duration busy{};  // its share of the time of the transaction
};

// The credits of the planner bound the queue.
class Writer {
 public:
  // Both run on the writer's thread.  `on_written` runs between submit and `done`, with each
  // subject at most once; `done` runs exactly once for each listing.
  using OnWritten = std::function<void(Written)>;
  using Done = std::function<void(Committed)>;

  // `store` and `clock` outlive the writer.  An exception of one of the parts fails the open group,
  // as `database`.  Throws Thrown if the thread cannot be started.
  Writer(Store& store, const Clock& clock, OnWritten on_written);
  // Writes what is queued, then returns.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Threading: any.
  void submit(Listing listing, Done done);

 private:
  struct Waiting {
    Listing listing;
    Done done;
  };
  struct Added {  // to the open group
    Committed committed;
    Done done;
  };

  void work();
  bool write_some();  // false: the thread must end
  void take_waiting();
  void add_all();
  bool add(Waiting& user);  // false: the group has failed, and `done` was called for all of it
  void tell_written(Written written);
  void fail_all(const Failure& failure) noexcept;
  void commit();
  void end_group(const Status& status);
  bool is_full() const;

  Store& store_;
  const Clock& clock_;
  const OnWritten on_written_;
  std::vector<Waiting>
      users_;  // not in the group yet; used by the thread only, like the next three
  std::vector<Added> group_;
  std::size_t group_rows_ = 0;
  Duration group_busy_{};
  Mutex mutex_;
  Condition wake_;
  std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  Thread thread_;  // last
};

}  // namespace repopipe
