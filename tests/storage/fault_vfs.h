// A layer over SQLite's default VFS in which selected operations fail
// (https://www.sqlite.org/vfs.html).  Other operations are forwarded, except that a sync is only
// counted: the tests do not lose power.
#pragma once

#include <sqlite3.h>

#include <atomic>

#include "tests/testing/sanitized.h"

namespace repopipe {

enum class Extent { once, from_then_on };

// From one operation of a sweep to the next that fails.
constexpr int kSweepStep = is_sanitized() ? 5 : 1;

// The default VFS of all connections that are opened while it exists; close them before. Threading:
// any, once it is armed.
class FaultVfs {
 public:
  FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();

  // The operation `number` from now on, counted from 1, fails: writes turn by turn because the disk
  // is full and because it is broken.  Operations are writes, syncs, truncations, and questions for
  // the size of a file.
  void arm(int number, Extent extent);
  void disarm() { number_ = 0; }
  // Whether an operation has failed since it was armed.
  bool struck() const { return struck_; }

  // For the files: SQLITE_OK, or what the operation fails with.
  int next(int failure);
  sqlite3_vfs* below() const { return below_; }

 private:
  sqlite3_vfs* below_;
  sqlite3_vfs vfs_;
  Extent extent_ = Extent::once;
  int number_ = 0;  // 0: nothing fails
  std::atomic<int> count_ = 0;
  std::atomic<bool> struck_ = false;
};

}  // namespace repopipe
