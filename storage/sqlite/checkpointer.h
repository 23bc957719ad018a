// Moves the write-ahead log into the database file while its writer goes on: a thread of its own
// waits for the disk (https://www.sqlite.org/wal.html, section 3.2).
#pragma once

#include <functional>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// The thread and its connection begin with the first log that is worth it; until then, and where
// the file cannot be opened once more or the thread cannot be started, the writer does it, as
// SQLite does by itself.  Failures are nobody's: what could not be moved stays in the log, which is
// as safe, and is tried again.
class Checkpointer {
 public:
  // Watches the commits of `writer`, which outlives it and stays where it is.  `may_move` is asked
  // before the file is written, on whichever thread does it; false: the log stays as it is.
  explicit Checkpointer(Database& writer, std::function<bool()> may_move = {});
  // Waits for the checkpoint under way.  From then on SQLite sees to the log again.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Begins with what the log holds, unless that is little: nearly all that the writer will write,
  // while it has other things to do.  Threading: the writer's thread, or any once that has ended.
  void move_the_rest();
  // Moves nothing from now on: the file is not the writer's any more.  Threading: the same.
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
  int log_pages_ = 0;         // of the log, after the last commit; the writer's own, as the next
  int pages_seen_ = 0;        // of the log, when the last checkpoint began
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
