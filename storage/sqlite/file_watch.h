// Tells whether the file of an open database is still what its writer has made of it: not removed,
// replaced, truncated or overwritten by another program.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {

// Looks at the size of the file and at its header, which only grow: nothing here shrinks a database
// (https://www.sqlite.org/fileformat2.html, "The Database Header").  What another program writes
// into the middle of the file, it does not see.
// Threading: that of the writer, unless said otherwise.
class FileWatch {
 public:
  // Both outlive it.  Writes one page, so that the header becomes another one than in every copy of
  // the file that was made before.
  static Result<std::unique_ptr<FileWatch>> begin(Database& writer, RunLock& lock);

  // A failure of kind `displaced` if what is written would be lost, or damage what somebody has put
  // there.  After a truncated or overwritten file the log is not moved into it any more, and gets
  // another name at the end of the lock.
  Status check();
  // The same when the writer has come to its end: moves the log, and then the file must be whole.
  Status check_end();
  // Whether the file looks as it should, so that the log may be moved into it: what is written then
  // hides what has happened.  Threading: any.
  bool may_move_log() const;
  // The file was truncated or overwritten.
  bool is_lost() const { return is_lost_; }

 private:
  struct Seen {
    bool is_database = false;  // begins like one
    std::uint64_t size = 0;    // bytes
    std::uint32_t counter = 0;
    std::uint32_t pages = 0;
  };

  FileWatch(Database& writer, RunLock& lock, Statement count_pages, std::uint64_t page_size)
      : writer_(&writer),
        lock_(&lock),
        count_pages_(std::move(count_pages)),
        page_size_(page_size) {}

  Seen look() const;
  Result<std::uint32_t> count_pages();
  const char* trouble_of(const Seen& seen) const REQUIRES(mutex_);
  const char* trouble_at_end();
  void remember(const Seen& seen) REQUIRES(mutex_);
  Status lose(const char* trouble);

  Database* writer_;
  RunLock* lock_;
  Statement count_pages_;
  std::uint64_t page_size_;
  mutable Mutex mutex_;
  std::uint32_t pages_ GUARDED_BY(mutex_) = 0;  // of the database, those in the log included
  Seen least_ GUARDED_BY(mutex_);               // what the file had before
  // The header never tells of more pages than the database has.
  bool is_bounded_ GUARDED_BY(mutex_) = false;
  bool is_lost_ = false;
};

}  // namespace repopipe
