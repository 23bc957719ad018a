#include "pipeline/job/document/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::size_t kLargest = 64 << 20;

// A job file has no control characters.  Some of them end a text for yaml-cpp.
bool is_text(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 ? byte != 0x7f : c == '\t' || c == '\n' || c == '\r';
}

Result<std::string> read_whole(const std::filesystem::path& file) {
  const Result<Descriptor> handle = open_for_reading(file);
  if (!handle) return fail(handle.error());
  ByteStream stream(handle->number(), ReadFrom::here);
  std::string text;
  while (true) {
    if (const Status read = stream.advance(); !read) return fail(read.error());
    if (stream.chunk().empty()) return text;
    text += stream.chunk();
    if (text.size() > kLargest) {
      return fail(FailureKind::job,
                  "a job file has at most 64 MiB; put long lists of users into a file of their own "
                  "(source.usernames_file)");
    }
  }
}

}  // namespace

std::optional<std::string> read_source_text(const std::filesystem::path& file, Place place,
                                            Diagnostics& diagnostics) {
  Result<std::string> text = read_whole(file);
  if (!text) {
    diagnostics.add(place, {}, text.error().message);
    return std::nullopt;
  }
  if (const std::string_view encoding = foreign_encoding(*text); !encoding.empty()) {
    diagnostics.add(place, {}, words_of_encoding(encoding));
    return std::nullopt;
  }
  if (text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
  if (trim(*text).empty()) {
    diagnostics.add(place, {}, "the file is empty");
    return std::nullopt;
  }
  if (!check_text(*text, place, diagnostics)) return std::nullopt;
  return std::move(*text);
}

bool check_text(std::string_view text, Place place, Diagnostics& diagnostics) {
  Position at{1, 1};
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      diagnostics.add(place, at, "this is not UTF-8: save the file in that encoding");
      return false;
    }
    if (!is_text(text.front())) {
      diagnostics.add(place, at,
                      fmt::format("a control character (0x{:02x}) is not allowed here",
                                  static_cast<unsigned char>(text.front())));
      return false;
    }
    at = text.front() == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
    text.remove_prefix(length);
  }
  return true;
}

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
  while (filled < kChunk) {  // a read of a pipe may return less
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

namespace {

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace

TrackedInput::TrackedInput(std::string_view text) : rest_(without_mark(text)) {}

TrackedInput::TrackedInput(ByteStream& stream)
    : stream_(&stream), rest_(without_mark(stream.chunk())) {}

bool TrackedInput::at_end() {
  if (!rest_.empty()) return false;
  if (stream_ == nullptr || !failure_) return true;
  failure_ = stream_->advance();
  if (!failure_) return true;
  rest_ = stream_->chunk();
  return rest_.empty();
}

void TrackedInput::advance() {
  const char c = rest_.front();
  rest_.remove_prefix(1);
  if (is_continuation(c)) return;
  const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':';
  if (!token_ && !blank) {
    (c == ',' ? comma_ : token_) = here_;
    if (c != ',') token_first_ = c;
  }
  last_ = c;
  last_at_ = here_;
  if (c == '\n') {
    here_ = {here_.line + 1, 1};
  } else {
    ++here_.column;
  }
}

void TrackedInput::token_over() {
  token_.reset();
  token_first_ = '\0';
  comma_.reset();
}

void TrackedInput::number_over() {
  token_over();
  if (last_ == ',') comma_ = last_at_;
  if (last_ != ']' && last_ != '}') return;
  token_ = last_at_;
  token_first_ = last_;
}

}  // namespace repopipe
