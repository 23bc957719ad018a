#include "tests/storage/fault_vfs.h"

namespace repopipe {
namespace {

// SQLite allocates szOsFile bytes: this struct, followed by the file of the default VFS.
struct FaultFile {
  sqlite3_file base;
  FaultVfs* faults;

  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultFile& fault_file(sqlite3_file* file) {
  return *reinterpret_cast<FaultFile*>(file);
}

// Forwards a method.
template <auto Method, class... Arguments>
int pass(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* const below = fault_file(file).below();
  return (below->pMethods->*Method)(below, arguments...);
}

void barrier(sqlite3_file* file) {
  sqlite3_file* const below = fault_file(file).below();
  below->pMethods->xShmBarrier(below);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (const int failed = fault_file(file).faults->next(SQLITE_IOERR_WRITE)) return failed;
  return pass<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int failed = fault_file(file).faults->next(SQLITE_IOERR_TRUNCATE)) return failed;
  return pass<&sqlite3_io_methods::xTruncate>(file, size);
}

int sync(sqlite3_file* file, int) {
  return fault_file(file).faults->next(SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (const int failed = fault_file(file).faults->next(SQLITE_IOERR_FSTAT)) return failed;
  return pass<&sqlite3_io_methods::xFileSize>(file, size);
}

using Methods = sqlite3_io_methods;

// Version 2: without memory mapping, which would write past this layer.
constexpr Methods kMethods{2,
                           pass<&Methods::xClose>,
                           pass<&Methods::xRead, void*, int, sqlite3_int64>,
                           write,
                           truncate,
                           sync,
                           file_size,
                           pass<&Methods::xLock, int>,
                           pass<&Methods::xUnlock, int>,
                           pass<&Methods::xCheckReservedLock, int*>,
                           pass<&Methods::xFileControl, int, void*>,
                           pass<&Methods::xSectorSize>,
                           pass<&Methods::xDeviceCharacteristics>,
                           pass<&Methods::xShmMap, int, int, int, void volatile**>,
                           pass<&Methods::xShmLock, int, int, int>,
                           barrier,
                           pass<&Methods::xShmUnmap, int>,
                           nullptr,
                           nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  FaultFile& ours = fault_file(file);
  ours.faults = static_cast<FaultVfs*>(vfs->pAppData);
  sqlite3_vfs* const below = ours.faults->below();
  const int code = below->xOpen(below, name, ours.below(), flags, out_flags);
  // SQLite closes any file with methods, also if opening it failed.
  ours.base.pMethods = ours.below()->pMethods == nullptr ? nullptr : &kMethods;
  return code;
}

// SQLite's own methods find their settings in the VFS they are called with.
int remove(sqlite3_vfs* vfs, const char* name, int) {
  sqlite3_vfs* const below = static_cast<FaultVfs*>(vfs->pAppData)->below();
  return below->xDelete(below, name, 0);
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  sqlite3_vfs* const below = static_cast<FaultVfs*>(vfs->pAppData)->below();
  return below->xAccess(below, name, flags, result);
}

int full_path(sqlite3_vfs* vfs, const char* name, int size, char* path) {
  sqlite3_vfs* const below = static_cast<FaultVfs*>(vfs->pAppData)->below();
  return below->xFullPathname(below, name, size, path);
}

}  // namespace

FaultVfs::FaultVfs() : below_(sqlite3_vfs_find(nullptr)), vfs_(*below_) {
  vfs_.pNext = nullptr;
  vfs_.zName = "faults";
  vfs_.szOsFile = static_cast<int>(sizeof(FaultFile)) + below_->szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  vfs_.xAccess = access;
  vfs_.xFullPathname = full_path;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(below_, 1);
}

void FaultVfs::arm(int number, Extent extent) {
  number_ = number;
  extent_ = extent;
  count_ = 0;
  struck_ = false;
}

int FaultVfs::next(int failure) {
  const int count = ++count_;
  const bool fails = number_ > 0 && (extent_ == Extent::once ? count == number_ : count >= number_);
  if (!fails) return SQLITE_OK;
  struck_ = true;
  return failure == SQLITE_IOERR_WRITE && count % 2 == 0 ? SQLITE_FULL : failure;
}

}  // namespace repopipe
