#include "pipeline/base/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "pipeline/base/system.h"

namespace repopipe {
namespace {

FailureKind kind_of(int error) {
  const bool is_limit = error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
  return is_limit ? FailureKind::machine_limit : FailureKind::internal;
}

tl::unexpected<Failure> cannot_start(const std::string& program, int error) {
  return fail(kind_of(error), fmt::format("cannot start {}: {}", program, std::strerror(error)));
}

// Shorter than any token.  A shorter text occurs in other texts by chance.
constexpr std::size_t kLongSecret = 16;

bool holds_any(std::string_view variable, const std::vector<std::string>& secrets) {
  const std::string_view value = variable.substr(std::min(variable.find('=') + 1, variable.size()));
  return std::ranges::any_of(secrets, [value](const std::string& secret) {
    const std::string of_url = ':' + secret + '@';
    return value == secret || value.find(of_url) != value.npos ||
           (secret.size() >= kLongSecret && value.find(secret) != value.npos);
  });
}

std::vector<char*> environment_without(const std::vector<std::string>& secrets) {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!holds_any(*variable, secrets)) kept.push_back(*variable);
  }
  kept.push_back(nullptr);
  return kept;
}

// File actions of posix_spawn in the child.
class Preparations {
 public:
  explicit Preparations(int socket) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, socket, Subprocess::kSocket);
    posix_spawn_file_actions_addclosefrom_np(&actions_, Subprocess::kSocket + 1);
  }
  ~Preparations() { posix_spawn_file_actions_destroy(&actions_); }
  Preparations(const Preparations&) = delete;
  Preparations& operator=(const Preparations&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

Result<Subprocess> Subprocess::start(const std::string& path,
                                     const std::vector<std::string>& arguments,
                                     const std::vector<std::string>& secrets) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return cannot_start(path, errno);
  }
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  const Preparations preparations(theirs.number());
  std::vector<char*> words{const_cast<char*>("repopipe")};
  for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  std::vector<char*> environment = environment_without(secrets);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, path.c_str(), preparations.get(), nullptr, words.data(),
                                environment.data());
  if (error != 0) return cannot_start(path, error);
  // glibc 2.36 declares the wrapper for C only.
  Descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!handle.is_open()) {  // too many files are open
    const int why = errno;
    ::kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return cannot_start(path, why);
  }
  fcntl(ours.number(), F_SETFL, O_NONBLOCK);
  return Subprocess(pid, std::move(handle), std::move(ours));
}

Subprocess::Subprocess(pid_t pid, Descriptor handle, Descriptor socket)
    : pid_(pid), handle_(std::move(handle)), socket_(std::move(socket)) {}

Subprocess::~Subprocess() {
  if (!handle_.is_open() || end_) return;
  kill();
  ended_within(std::chrono::milliseconds(-1));
}

void Subprocess::kill() const {
  if (!end_) ::kill(pid_, SIGKILL);
}

std::optional<SubprocessEnd> Subprocess::ended_within(std::chrono::milliseconds time) {
  if (end_) return end_;
  pollfd wait{handle_.number(), POLLIN, 0};
  int ready = 0;
  do {
    ready = poll(&wait, 1, static_cast<int>(time.count()));
  } while (ready < 0 && errno == EINTR);
  int status = 0;
  if (ready <= 0 || waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  end_ = WIFSIGNALED(status) ? SubprocessEnd{.signal = WTERMSIG(status)}
                             : SubprocessEnd{.exit_code = WEXITSTATUS(status)};
  return end_;
}

Bytes Subprocess::memory() const {
  return resident_memory(pid_);
}

void die_with_parent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

namespace {

// This program, even if its file was replaced.
constexpr const char* kThisProgram = "/proc/self/exe";

// Environment variable with the id of the parent process.
constexpr const char* kStarter = "REPOPIPE_STARTED_BY";

// The child gets a process group of its own and default signal handling.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none, ours;
    sigemptyset(&none);
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    sigaddset(&ours, SIGXFSZ);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &ours);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

class Streams {
 public:
  explicit Streams(const std::filesystem::path& words) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (words.empty()) return;
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, words.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, S_IRUSR | S_IWUSR);
  }
  ~Streams() { posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

Duration duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

tl::unexpected<Failure> cannot_start(int error) {
  return fail(kind_of(error), std::string("cannot start repopipe again: ") + std::strerror(error));
}

}  // namespace

Result<Invocation> Invocation::start(std::vector<std::string> arguments,
                                     const std::filesystem::path& words) {
  arguments.insert(arguments.begin(), "repopipe");
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const Attributes attributes;
  const Streams streams(words);
  std::string starter = std::string(kStarter) + "=" + std::to_string(getpid());
  std::vector<char*> environment{starter.data()};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.push_back(*variable);
  }
  environment.push_back(nullptr);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, kThisProgram, streams.get(), attributes.get(),
                                pointers.data(), environment.data());
  if (error != 0) return cannot_start(error);
  Invocation started(pid, Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))));
  if (!started.handle_.is_open()) return cannot_start(errno);
  return started;
}

// Removes the variable, so that programs started by this one do not inherit it.
void end_with_starter() {
  const char* const starter = std::getenv(kStarter);
  if (starter == nullptr) return;
  const std::string number = starter;
  unsetenv(kStarter);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::to_string(getppid()) != number) _exit(128 + SIGKILL);  // the parent has already ended
}

Invocation::Invocation(Invocation&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), handle_(std::move(other.handle_)) {}

Invocation::~Invocation() {
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);
    wait();
  }
}

void Invocation::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

InvocationEnd Invocation::wait() {
  int status = 0;
  rusage usage{};
  while (wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return {.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
          .cpu = duration(usage.ru_utime) + duration(usage.ru_stime),
          .most_memory = Bytes{static_cast<std::uint64_t>(usage.ru_maxrss) * 1024}};
}

}  // namespace repopipe
