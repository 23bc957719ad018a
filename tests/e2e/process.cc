#include "tests/e2e/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace repopipe::e2e {
namespace {

using Clock = std::chrono::steady_clock;

// Far beyond anything a healthy program takes, under a sanitizer and on a busy machine too.
constexpr auto kHangs = std::chrono::minutes(4);

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("cannot ") + what);
}

struct Pipe {
  int read = -1, write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  require(pipe2(ends.data(), O_CLOEXEC) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0,
          "make a pipe");
  return {ends[0], ends[1]};
}

// A file that is open for reading and holds the text.
int text_to_read(const std::string& text) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  require(write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "write the input");
  lseek(file, 0, SEEK_SET);
  return file;
}

std::vector<std::string> environment_of(const Program& program) {
  std::map<std::string, std::string> all{{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  for (const auto& [name, value] : program.environment) all[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// Reads what is available.  Children of the program may hold the stream open, so nothing waits for
// its end.
void drain(int& stream, std::string& text) {
  std::array<char, 65536> chunk{};
  while (stream >= 0) {
    const auto got = read(stream, chunk.data(), chunk.size());
    if (got < 0) return;
    if (got == 0) close(std::exchange(stream, -1));
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

// Where a stream of the program goes: into a file, or into a pipe.
void lead(posix_spawn_file_actions_t& actions, int stream, const Pipe& pipe,
          const std::optional<ToPath>& path) {
  if (path) {
    posix_spawn_file_actions_addopen(&actions, stream, path->path.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  } else {
    posix_spawn_file_actions_adddup2(&actions, pipe.write, stream);
  }
}

}  // namespace

Process::Process(const Program& program) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, program.folder.c_str());
  const int input = program.input ? text_to_read(*program.input) : -1;
  if (input >= 0) {
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addclose(&actions, STDIN_FILENO);
  }
  const Pipe out = make_pipe(), err = make_pipe();
  lead(actions, STDOUT_FILENO, out, program.output_path);
  lead(actions, STDERR_FILENO, err, program.error_path);
  if (program.output == Stream::closed) {
    posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO);
  }
  std::vector<std::string> arguments = program.arguments;
  std::vector<std::string> environment = environment_of(program);
  posix_spawnattr_t attributes;  // a process group, so that all its children can be killed
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);  // what the tests' own starter left open
  const int failed = posix_spawn(&pid_, arguments.front().c_str(), &actions, &attributes,
                                 pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (input >= 0) close(input);
  close(out.write);
  close(err.write);
  out_ = out.read;
  err_ = err.read;
  require(failed == 0, ("start " + arguments.front()).c_str());
  handle_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  require(handle_ >= 0, "watch a process");
}

Process::~Process() {
  kill(-pid_, SIGKILL);
  if (!ended_) reap();
  for (const int file : {handle_, out_, err_}) {
    if (file >= 0) close(file);
  }
}

void Process::signal(int number) const {
  if (!ended_) kill(pid_, number);
}

void Process::hang_up() {
  close(out_);
  out_ = -1;
}

std::string Process::read_line() {
  read_until([this] { return out_text_.find('\n') != std::string::npos; }, Clock::now() + kHangs);
  const std::size_t end = std::min(out_text_.find('\n'), out_text_.size());
  const std::string line = out_text_.substr(0, end);
  out_text_.erase(0, end + 1);
  return line;
}

bool Process::says(const std::string& words) {
  const auto has_said = [&] { return err_text_.find(words) != std::string::npos; };
  read_until(has_said, Clock::now() + kHangs);
  drain(err_, err_text_);
  return has_said();
}

bool Process::ends_within(std::chrono::milliseconds time) {
  read_until([this] { return ended_.has_value(); }, Clock::now() + time);
  return ended_.has_value();
}

Ended Process::wait() {
  if (!ends_within(kHangs)) {
    ADD_FAILURE() << "the program hangs";
    kill(pid_, SIGKILL);
    reap();
  }
  drain(out_, out_text_);
  drain(err_, err_text_);
  ended_->out = std::exchange(out_text_, {});
  ended_->err = std::exchange(err_text_, {});
  return *ended_;
}

void Process::read_until(const std::function<bool()>& enough, Clock::time_point until) {
  while (!enough() && !ended_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    std::array<pollfd, 3> waits{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0},
                                pollfd{handle_, POLLIN, 0}};
    const auto patience = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    const int ready = poll(waits.data(), waits.size(), patience);
    if (waits[0].revents != 0) drain(out_, out_text_);
    if (waits[1].revents != 0) drain(err_, err_text_);
    if (waits[2].revents != 0) reap();
    if (ready == 0 && patience == 0) return;
  }
}

void Process::reap() {
  int status = 0;
  rusage usage{};
  if (wait4(pid_, &status, 0, &usage) != pid_) return;
  ended_.emplace();
  ended_->most_memory_kib = usage.ru_maxrss;
  if (WIFEXITED(status)) ended_->exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended_->signal = WTERMSIG(status);
}

Ended run(const Program& program) {
  return Process(program).wait();
}

std::filesystem::path repopipe_binary() {
  return std::filesystem::path(REPOPIPE_BINARY_DIR) / "repopipe";
}

std::filesystem::path simulator_binary() {
  return std::filesystem::path(REPOPIPE_BINARY_DIR) / "repopipe-simulator";
}

}  // namespace repopipe::e2e
