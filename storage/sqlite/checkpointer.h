// Moves the write-ahead log into the database file on its own thread, so that the writer does not
// wait for the disk (https://www.sqlite.org/wal.html, section 3.2).
#pragma once

#include <functional>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// The thread and its connection start with the first large log.  If the file cannot be opened again
// or the thread cannot be started, the writer moves the log, as SQLite does by default.  A failure
// is ignored: the pages stay in the log, which is equally safe, and the next checkpoint tries
// again.
class Checkpointer {
 public:
  // Watches the commits of `writer`, which outlives this and is not moved.  `may_move` is called
  // before each checkpoint, on the thread that does it; if it returns false, the log is not moved.
  explicit Checkpointer(Database& writer, std::function<bool()> may_move = {});
  // Waits for the current checkpoint.  Then SQLite moves the log by itself again.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Starts a checkpoint of the log, unless it is small.  For the end of a run, when the writer has
  // written nearly everything.  Threading: the writer's thread, or any thread after its end.
  void move_the_rest();
  // From now on, moves nothing: the file no longer belongs to the writer.  Threading: the same.
  void leave_log();

 private:
  void committed(int log_pages);  // on the writer's thread
  void begin_one();
  void wait_for_the_last();
  void work();
  void move(Database& database);
  void rest();

  Database& writer_;
  std::function<bool()> may_move_;
  int log_pages_ = 0;  // in the log after the last commit; only the writer uses it and the next two
  int pages_seen_ = 0;        // in the log when the last checkpoint began
  bool was_refused_ = false;  // the thread cannot be started
  Mutex mutex_;
  Condition wake_;
  bool wanted_ GUARDED_BY(mutex_) = false;
  bool busy_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool leaves_log_ GUARDED_BY(mutex_) = false;
  Thread thread_;  // last
};

}  // namespace repopipe
