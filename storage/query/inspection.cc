#include "storage/query/inspection.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "pipeline/base/system.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/inspection_vfs.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

// https://www.sqlite.org/fileformat2.html, "The Database Header" and "B-tree Pages".
constexpr std::string_view kFormat("SQLite format 3\0", 16);
constexpr std::size_t kVersionAt = 60;
constexpr std::size_t kApplicationAt = 68;
constexpr std::size_t kRowsOfSchema = 103;  // rows of the schema's first page
using Header = std::array<char, 112>;

tl::unexpected<Failure> unfit(const fs::path& path, const std::string& why) {
  return fail(FailureKind::output, path.string() + ": " + why);
}

Status check_access(const fs::path& real, const fs::path& of, int mode, const std::string& what) {
  if (::faccessat(AT_FDCWD, real.c_str(), mode, AT_EACCESS) == 0) return {};
  return unfit(of, what + ": " + std::strerror(errno));
}

// Whether files can be created in the folder.  Creates one without a name, or one that is deleted
// at once if the file system has no files without names.  Permissions are not enough: they do not
// apply to root, nor to file systems such as /proc.
Status takes_files(const fs::path& folder, const fs::path& of) {
  const Descriptor file(
      ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.is_open()) return {};
  std::string name = (folder / "repopipe-check-XXXXXX").string();
  const Descriptor named(::mkostemp(name.data(), O_CLOEXEC));
  if (!named.is_open()) {
    return unfit(of,
                 "no file can be made in folder " + folder.string() + ": " + std::strerror(errno));
  }
  ::unlink(name.c_str());
  return {};
}

std::uint32_t number_at(const Header& header, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(header.at(at + i));
  }
  return number;
}

Status check_header(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  Header header{};
  file.read(header.data(), header.size());
  if (file.gcount() == 0) return {};  // an empty file is an empty database
  if (std::string_view(header.data(), kFormat.size()) != kFormat) {
    return unfit(path, "is not a SQLite database; name another file, or move this one away");
  }
  const bool is_ours = number_at(header, kApplicationAt, 4) == kApplicationId;
  const bool is_empty = number_at(header, kRowsOfSchema, 2) == 0;
  // The header does not show what is only in the log.
  if (!is_ours && !is_empty && !has_log(path)) {
    return unfit(path, "is the database of another program; name another file");
  }
  const auto version = number_at(header, kVersionAt, 4);
  if (is_ours && version > schema_version()) {
    return unfit(path, "has schema version " + std::to_string(version) +
                           ", newer than this program's " + std::to_string(schema_version()) +
                           "; use the newer repopipe, or another file");
  }
  return {};
}

}  // namespace

Status inspect_database(const fs::path& path) {
  if (auto good = check_place(path); !good) return good;
  const auto real = real_path(path);
  if (!real) return fail(real.error());
  const fs::path folder = real->parent_path();
  auto good = check_access(folder, path, W_OK | X_OK,
                           "folder " + folder.string() + " cannot be written by this user");
  if (good) good = takes_files(folder, path);
  std::error_code ignored;
  if (!good || !fs::exists(*real, ignored)) return good;
  good = check_access(*real, path, R_OK | W_OK, "cannot be read and written by this user");
  return good ? check_header(*real) : good;
}

}  // namespace repopipe
