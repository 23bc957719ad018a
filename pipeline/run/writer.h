// The thread that writes: it puts user after user into a transaction, and ends it when nobody waits
// or when it has grown large.  It never waits for more.  A thread of its own, so that a slow disk
// holds up nobody else.
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

// Users whose rows are in the transaction under way: nothing of them is held here any more.
struct Written {
  std::vector<SubjectHandle> subjects;
};

// What became of one listing.
struct Committed {
  SubjectHandle subject;
  Result<Stored> result;
  Duration busy{};  // its part of the transaction
};

// The queue holds at most what the planner's credits let out.
class Writer {
 public:
  // Both run on the writer's thread: `taken` between submit and done, with each subject at most
  // once; `done` exactly once a listing.
  using OnWritten = std::function<void(Written)>;
  using Done = std::function<void(Committed)>;

  // Keeps references; both outlive the writer.  What a part throws fails the group under way, as
  // `database`.  Throws Thrown where the thread cannot be started.
  Writer(Store& store, const Clock& clock, OnWritten taken);
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
  struct Added {  // to the group under way
    Committed kept;
    Done done;
  };

  void work();
  bool write_some();  // false: it is to stop
  void take_waiting();
  void add_all();
  bool add(Waiting& user);  // false: the group has failed, and its users know
  void tell_written(Written taken);
  void fail_all(const Failure& failure) noexcept;
  void commit();
  void end_group(const Status& status);
  bool is_full() const;

  Store& store_;
  const Clock& clock_;
  const OnWritten on_written_;
  std::vector<Waiting> users_;  // not in the group yet; the thread's own, like the next three
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
