// Child processes: a worker with a socket, and a command whose output is read.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Linux: the child is watched by a pidfd, and dies with the thread that started it (prctl(2),
// PR_SET_PDEATHSIG).

// The end of a process.
struct SubprocessEnd {
  int signal = 0;  // that ended the process; 0: it exited
  int exit_code = 0;
};

// A child process with a socket.  Threading: one thread, which starts it and outlives it.
class Subprocess {
 public:
  // Descriptor number of the socket in the child.
  static constexpr int kSocket = 3;

  // Starts the program at `path`.  It inherits standard error, has empty standard input and output,
  // and no other descriptor but the socket.  Environment variables that hold one of `secrets` are
  // removed.
  static Result<Subprocess> start(const std::string& path,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& secrets);

  Subprocess(Subprocess&&) = default;
  Subprocess& operator=(Subprocess&&) = delete;
  // Kills the process if it still runs.
  ~Subprocess();

  pid_t pid() const { return pid_; }
  int socket() const { return socket_.number(); }
  int handle() const { return handle_.number(); }  // readable when the process has ended

  void kill() const;
  void hang_up() { socket_ = Descriptor(); }
  // Waits for its end; nothing: it still runs.
  std::optional<SubprocessEnd> ended_within(std::chrono::milliseconds time);
  // Resident memory; 0: unknown.
  Bytes memory() const;

 private:
  Subprocess(pid_t pid, Descriptor handle, Descriptor socket);

  pid_t pid_ = -1;
  Descriptor handle_;  // closed: moved from
  Descriptor socket_;
  std::optional<SubprocessEnd> end_;
};

// For the child, before anything else: end with the thread that started it.  If that has ended
// already, the socket shows it.
void die_with_parent();

struct InvocationEnd {
  int exit_code = 0;    // 128 plus the signal's number if a signal ended it, as in a shell
  Duration cpu{};       // user and system time, including children
  Bytes most_memory{};  // resident memory of the largest of them
};

// For `main`, before anything else: a program that an Invocation started ends with its parent, also
// after SIGKILL (prctl(2), PR_SET_PDEATHSIG).  No effect on other programs.
void end_with_starter();

// A child process that runs this program.  Threading: one thread at a time, which outlives the
// child.
class Invocation {
 public:
  // Starts `repopipe ARGUMENTS...` in a process group of its own, so that Ctrl-C in a terminal does
  // not reach it directly.  Standard input is empty, standard output is discarded.  Standard error
  // goes to the file `words`; without a name, to our standard error.
  static Result<Invocation> start(std::vector<std::string> arguments,
                                  const std::filesystem::path& words);

  Invocation(Invocation&& other) noexcept;
  Invocation& operator=(Invocation&&) = delete;
  // Kills the process if it still runs.
  ~Invocation();

  pid_t pid() const { return pid_; }
  // Readable when the process has ended.
  int handle() const { return handle_.number(); }
  void signal(int number) const;
  // Waits for its end and reaps it.
  InvocationEnd wait();

 private:
  Invocation(pid_t pid, Descriptor handle) : pid_(pid), handle_(std::move(handle)) {}

  pid_t pid_;          // -1: moved from, or reaped
  Descriptor handle_;  // a pidfd
};

}  // namespace repopipe
