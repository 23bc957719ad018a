#include "storage/sqlite/inspection_vfs.h"

#include <sqlite3.h>

#include <cctype>
#include <string_view>
#include <system_error>

namespace repopipe {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "repopipe-inspection";

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

// SQLite opens the log for writing even if the database is opened for reading.
int open_for_reading(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags,
                     int* flags_out) noexcept {
  constexpr int kWriting = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if ((flags & SQLITE_OPEN_WAL) != 0) flags = (flags & ~kWriting) | SQLITE_OPEN_READONLY;
  return system_vfs()->xOpen(system_vfs(), name, file, flags, flags_out);
}

// The system's, but for opening the log.
bool is_registered() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs copy = *system_vfs();
    copy.zName = kName;
    copy.pNext = nullptr;
    copy.xOpen = open_for_reading;
    return copy;
  }();
  static const bool registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  return registered;
}

}  // namespace

bool has_log(const fs::path& database) {
  std::error_code error;
  const auto size = fs::file_size(database.string() + "-wal", error);
  return !error && size > 0;
}

std::string uri_of(const fs::path& path, const std::string& parameters) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : path.string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri.append("%").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    }
  }
  return uri + '?' + parameters;
}

std::string name_for_inspection(const fs::path& path) {
  if (!has_log(path)) return uri_of(path, "immutable=1");
  std::error_code ignored;
  if (!fs::exists(path.string() + "-shm", ignored) || !is_registered()) return path;
  return uri_of(path, std::string("readonly_shm=1&vfs=") + kName);
}

}  // namespace repopipe
