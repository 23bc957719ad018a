// Detects that another program has removed, replaced, truncated or overwritten the file of an open
// database.  Used during a run.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {

// Checks the size of the file, and the counters in its header, which only grow until pages are
// given back after a run (https://www.sqlite.org/fileformat2.html, "The Database Header").  Does
// not detect writes of other programs into the middle of the file. Threading: that of the writer,
// unless stated otherwise.
class FileWatch {
 public:
  // Both outlive this.  Writes one page, so that the header differs from that of every earlier copy
  // of the file.
  static Result<std::unique_ptr<FileWatch>> begin(Database& writer, RunLock& lock);

  // Fails with kind `displaced` if writes would be lost, or would damage another program's file.
  // After a truncated or overwritten file, the log is no longer moved into it, and is renamed when
  // the lock ends.
  Status check();
  // The same at the end of the writer: moves the log, and then checks the complete file.
  Status check_end();
  // Whether the file is as expected, so that the log may be moved into it.  Check before moving:
  // the move would hide the damage.  Threading: any.
  bool may_move_log() const;
  // The file was truncated or overwritten.
  bool is_lost() const { return is_lost_; }

 private:
  struct Seen {
    bool is_database = false;  // has the magic bytes of a database
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
  std::uint32_t pages_ GUARDED_BY(mutex_) = 0;  // of the database, with those in the log
  Seen least_ GUARDED_BY(mutex_);               // the least that the file must have
  // The header never has a larger number of pages than the database.
  bool is_bounded_ GUARDED_BY(mutex_) = false;
  bool is_lost_ = false;
};

}  // namespace repopipe
