// Runs the command of a `cmd:` reference, see run_token_command.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "pipeline/base/secrets.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/credentials.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
// Does not include suspends: after a suspend the command still gets the remaining time.
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = 64UL << 10;
constexpr auto kSlow = 5s;

tl::unexpected<Failure> no_token(std::string why) {
  return fail(FailureKind::no_token, std::move(why));
}

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return no_token(fmt::format("cannot be run: {}", std::strerror(errno)));
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// The command must not inherit the signal mask and ignored signals of this process (execve(2)).
void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const char* command, int output, int errors) {
  const int input =
      open("/dev/null", O_RDONLY);  // reading a terminal would stop a background group
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  _exit(127);
}

// The process between this one and the command.  It leads their process group, waits until the
// command or this process ends, and kills the group.  It uses only functions allowed by
// signal-safety(7), because other threads may have held locks during fork.
[[noreturn]] void guard(const char* command, int output, int errors, int lifeline,
                        int diagnostics) {
  setpgid(0, 0);
  reset_signals();
  const pid_t child = fork();
  if (child == 0) become(command, output, errors);
  int status = 127 << 8;
  const int handle = child < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (handle >= 0) {
    std::array<pollfd, 2> waits{pollfd{handle, POLLIN, 0}, pollfd{lifeline, POLLIN, 0}};
    while (poll(waits.data(), waits.size(), -1) < 0) {
    }
    if (waits[0].revents != 0) waitpid(child, &status, 0);
    if (waits[0].revents != 0 && write(diagnostics, &status, sizeof(status)) < 0) _exit(1);
  }
  kill(0, SIGKILL);
  _exit(1);
}

std::string words_of_status(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was killed by signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) == 127) return "ended with status 127: no such command";
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

// A running command.  The destructor kills its process group.
class TokenCommand {
 public:
  Status start(const std::string& command) {
    auto output = make_pipe(), errors = make_pipe(), lifeline = make_pipe(),
         diagnostics = make_pipe();
    for (const auto* each : {&output, &errors, &lifeline, &diagnostics}) {
      if (!*each) return fail(each->error());
    }
    pid_ = fork();
    if (pid_ < 0) return no_token(fmt::format("cannot be run: {}", std::strerror(errno)));
    if (pid_ == 0) {
      close(lifeline->write.number());  // its own copy would keep the pipe open
      guard(command.c_str(), output->write.number(), errors->write.number(),
            lifeline->read.number(), diagnostics->write.number());
    }
    output_ = std::move(output->read);
    errors_ = std::move(errors->read);
    diagnostics_ = std::move(diagnostics->read);
    lifeline_ = std::move(lifeline->write);
    return {};
  }

  ~TokenCommand() {
    if (pid_ <= 0) return;
    lifeline_ = Descriptor();
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Waits until output can be read or `until`.  False: the command has ended.
  bool read_on(Steady::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
    std::array<pollfd, 3> waits{pollfd{output_.number(), POLLIN, 0},
                                pollfd{errors_.number(), POLLIN, 0},
                                pollfd{diagnostics_.number(), POLLIN, 0}};
    poll(waits.data(), waits.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (waits[0].revents != 0) take(output_, text_);
    if (waits[1].revents != 0) take(errors_, complaints_);
    if (waits[2].revents == 0) return true;
    if (read(diagnostics_.number(), &status_, sizeof(status_)) != sizeof(status_))
      status_ = 127 << 8;
    drain(output_, text_);
    drain(errors_, complaints_);
    return false;
  }

  int status() const { return status_; }
  const std::string& text() const { return text_; }
  const std::string& complaints() const { return complaints_; }

 private:
  // Keeps the beginning of the output; closes the stream at its end.
  static bool take(Descriptor& stream, std::string& text) {
    std::array<char, 4096> chunk{};
    const auto got = read(stream.number(), chunk.data(), chunk.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return false;
    if (got <= 0) stream = Descriptor();
    const std::size_t room = kMostOutput - std::min(text.size(), kMostOutput);
    if (got > 0) text.append(chunk.data(), std::min(static_cast<std::size_t>(got), room));
    return got > 0;
  }

  // Reads what is available now: processes that the command started may hold the stream open.
  static void drain(Descriptor& stream, std::string& text) {
    if (!stream.is_open()) return;
    fcntl(stream.number(), F_SETFL, O_NONBLOCK);
    while (stream.is_open() && take(stream, text)) {
    }
  }

  pid_t pid_ = -1;  // of the guard process
  Descriptor output_, errors_, diagnostics_, lifeline_;
  std::string text_, complaints_;
  int status_ = 0;
};

}  // namespace

Result<std::string> run_token_command(const std::string& command, std::chrono::milliseconds within,
                                      const std::function<void()>& slow) {
  add_secrets_of_addresses_in(command);
  TokenCommand running;
  if (auto started = running.start(command); !started) return fail(started.error());
  const auto begin = Steady::now();
  const auto end = begin + within;
  bool is_told = false;
  while (running.read_on(is_told ? end : std::min(end, begin + kSlow))) {
    const auto now = Steady::now();
    if (now >= end)
      return no_token(fmt::format("took longer than {} and was killed", show(within)));
    if (!is_told && now >= begin + kSlow) {
      is_told = true;
      if (slow) slow();
    }
  }
  add_secret_words(running.text());
  if (!running.complaints().empty()) say(running.complaints());
  if (running.status() == 0) return running.text();
  return no_token(words_of_status(running.status()));
}

}  // namespace repopipe
