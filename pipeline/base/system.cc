#include "pipeline/base/system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "pipeline/base/mutex.h"
#include "pipeline/base/secrets.h"
#include "pipeline/base/thread.h"

namespace repopipe {
Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  const Descriptor old(std::exchange(number_, std::exchange(other.number_, -1)));
  return *this;
}

Descriptor::~Descriptor() {
  if (is_open()) close(number_);
}

Bytes resident_memory(pid_t process) {
  std::ifstream pages(fmt::format("/proc/{}/statm", process));
  std::uint64_t all = 0;
  std::uint64_t here = 0;
  if (!(pages >> all >> here)) return {};
  return {here * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

Environment process_environment() {
  const auto variable = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
  return {.variable = variable};
}

namespace {

// Some programs close every descriptor up to the limit at start; a million takes long.
constexpr rlim_t kMost = 65'536;
// For streams, signals, the lock, three database connections with their files, name resolution.
constexpr std::size_t kOwnFiles = 40;
// Needed without any connection.
constexpr std::size_t kFewest = 32;

}  // namespace

void raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, kMost);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t open_files_allowed() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return SIZE_MAX;
  return limit.rlim_cur;
}

Status check_open_files(std::size_t allowed) {
  if (allowed >= kFewest) return {};
  return fail(FailureKind::machine_limit,
              fmt::format("only {} files may be open, and at least {} are needed, see ulimit -n",
                          allowed, kFewest));
}

int connections_within(int wanted, std::size_t allowed) {
  const std::size_t room = allowed > kOwnFiles ? allowed - kOwnFiles : 1;
  return static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(wanted), room));
}

Descriptor must_open(int number, std::string_view what) {
  if (number >= 0) return Descriptor(number);
  throw Thrown({FailureKind::machine_limit,
                fmt::format("cannot open {}: {}; see ulimit -n", what, std::strerror(errno))});
}

namespace {

// 0 or errno.
int write_all(int stream, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(stream, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void keep_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // open(2) returns the lowest free number, which is this one.
    const int wrong_way = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", wrong_way) != stream) _exit(70);
  }
}

namespace {

// Whether stderr is the journal: JOURNAL_STREAM has its device and inode (systemd.exec(5)).
bool is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat file {};
  if (stream == nullptr || fstat(STDERR_FILENO, &file) != 0) return false;
  return fmt::format("{}:{}", file.st_dev, file.st_ino) == stream;
}

std::string with_priorities(std::string_view text, Priority priority) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines += fmt::format("<{}>{}", static_cast<int>(priority), text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace

namespace {

struct StderrOwner {
  Mutex mutex;
  std::function<void(const std::string&, Last)> print GUARDED_BY(mutex);
};

StderrOwner& stderr_owner() {
  static StderrOwner owner;
  return owner;
}

// Whether this thread is in `say`: a failure there is written directly.
thread_local bool is_saying = false;

}  // namespace

void write_stderr(std::string_view text) {
  write_all(STDERR_FILENO, without_secrets(text));
}

void take_over_stderr(std::function<void(const std::string&, Last)> owner) {
  const Lock lock(stderr_owner().mutex);
  stderr_owner().print = std::move(owner);
}

namespace {

void pass_on(std::string_view text, Priority priority, Last last) {
  static const bool is_to_journal = is_journal();
  if (is_to_journal) return write_stderr(with_priorities(text, priority));
  if (std::exchange(is_saying, true)) return write_stderr(text);
  {
    const Lock lock(stderr_owner().mutex);
    if (stderr_owner().print) {
      stderr_owner().print(std::string(text), last);
    } else {
      write_stderr(text);
    }
  }
  is_saying = false;
}

// What cannot be masked for lack of memory is not written.
void say_or_drop(std::string_view text, Priority priority, Last last) noexcept {
  for (int tries = 0; tries < 2; ++tries) {
    try {
      return pass_on(text, priority, last);
    } catch (...) {
      is_saying = false;
    }
  }
  write_all(STDERR_FILENO, "repopipe: a message is lost: out of memory\n");
}

}  // namespace

void say(std::string_view text, Priority priority) {
  say_or_drop(text, priority, Last::no);
}

void say_last(std::string_view text) {
  say_or_drop(text, Priority::error, Last::yes);
}

namespace {

// Fails with `database`.
Status put_out(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, without_secrets(text));
  if (error == 0) return {};
  return fail(FailureKind::database,
              fmt::format("standard output cannot be written: {}", std::strerror(error)));
}

}  // namespace

ExitCode deliver(std::string_view text, ExitCode exit_code) {
  const Status written = put_out(text);
  if (written) return exit_code;
  say(fmt::format("repopipe: {}\n", written.error().message), Priority::error);
  return exit_code == ExitCode::complete ? policy_of(written.error().kind).exit_code : exit_code;
}

Status write_whole(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path part = path.string() + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  const FailureKind kind = file ? FailureKind::database : FailureKind::output;
  file << text;
  file.close();
  Status done = {};
  if (!file) {
    done = fail(kind, path.string() + ": cannot be written: " + std::strerror(errno));
  } else {
    done = move_into_place(part, path, IfExists::replace);
  }
  std::error_code ignored;
  if (!done) std::filesystem::remove(part, ignored);
  return done;
}

Status move_into_place(const std::filesystem::path& from, const std::filesystem::path& path,
                       IfExists if_exists) {
  const unsigned flags = if_exists == IfExists::refuse ? RENAME_NOREPLACE : 0;
  int moved = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, path.c_str(), flags);
  if (moved != 0 && flags != 0 && (errno == EINVAL || errno == ENOSYS)) {  // as on NFS
    moved = ::link(from.c_str(), path.c_str());
    if (moved == 0) (void)::unlink(from.c_str());
  }
  if (moved == 0) return {};
  const bool exists = errno == EEXIST;
  return fail(FailureKind::output,
              fmt::format("{}: {}", path.string(),
                          exists ? "exists; --force replaces it" : std::strerror(errno)));
}

}  // namespace repopipe
