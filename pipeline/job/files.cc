#include "pipeline/job/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace repopipe {
namespace {

constexpr std::size_t kChunk = 256 << 10;

std::string reason(int error) {
  if (error == ENOENT) return "there is no such file";
  if (error == EISDIR) return "it is a directory, not a file";
  if (error == EACCES) return "no permission to read it";
  return std::generic_category().message(error);
}

}  // namespace

Result<Descriptor> open_for_reading(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return fail(FailureKind::job, reason(errno));
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return fail(FailureKind::job, reason(errno));
  if (S_ISDIR(about.st_mode)) return fail(FailureKind::job, reason(EISDIR));
  return file;
}

Result<Descriptor> make_unnamed_file(const std::filesystem::path& folder) {
  std::string name = (folder / "repopipe-XXXXXX").string();
  Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open()) {
    return fail(FailureKind::database,
                "cannot make a temporary file in " + folder.string() +
                    " (see TMPDIR): " + std::generic_category().message(errno));
  }
  ::unlink(name.c_str());
  return file;
}

bool is_regular(const Descriptor& file) {
  struct stat about {};
  return ::fstat(file.number(), &about) == 0 && S_ISREG(about.st_mode);
}

Status write_all(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return fail(FailureKind::database, std::generic_category().message(errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status ByteStream::advance() {
  buffer_.resize(kChunk);
  std::size_t filled = 0;
  while (filled < kChunk) {  // a pipe gives less than asked for
    char* const into = buffer_.data() + filled;
    const ssize_t got = from_ == ReadFrom::here
                            ? ::read(descriptor_, into, kChunk - filled)
                            : ::pread(descriptor_, into, kChunk - filled, offset_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(FailureKind::job, "cannot be read: " + reason(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    offset_ += got;
  }
  chunk_ = std::string_view(buffer_).substr(0, filled);
  return {};
}

}  // namespace repopipe
