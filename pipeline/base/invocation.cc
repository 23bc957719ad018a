#include "pipeline/base/invocation.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace repopipe {
namespace {

// This very program, also when its file has been replaced since.
constexpr const char* kThisProgram = "/proc/self/exe";

// Holds the number of the process that started this one, which it ends with.
constexpr const char* kStarter = "REPOPIPE_STARTED_BY";

// A process group of its own, and signals as a shell would leave them: ours are blocked or ignored.
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
  return fail(FailureKind::internal,
              std::string("repopipe cannot be started once more: ") + std::strerror(error));
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

// What this program starts itself does not find the variable.
void end_with_starter() {
  const char* const starter = std::getenv(kStarter);
  if (starter == nullptr) return;
  const std::string number = starter;
  unsetenv(kStarter);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::to_string(getppid()) != number) _exit(128 + SIGKILL);  // it has ended before
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
