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

// A process of our own that we started: its socket, its end, its memory.  Linux: it is followed by
// a pidfd, and dies with the thread that started it (prctl(2), PR_SET_PDEATHSIG).

// How a process ended.
struct SubprocessEnd {
  int signal = 0;  // that ended it; 0: it exited
  int exit_code = 0;
};

// Threading: one thread, which starts it and outlives it.
class Subprocess {
 public:
  // The number under which the child finds its end of the socket.
  static constexpr int kSocket = 3;

  // Starts the program at `path`.  Its standard error is ours, its other streams are empty, and it
  // has nothing else of us.  Variables of the environment that hold one of `secrets` are left out.
  static Result<Subprocess> start(const std::string& path,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& secrets);

  Subprocess(Subprocess&&) = default;
  Subprocess& operator=(Subprocess&&) = delete;
  // Kills it if it is still there.
  ~Subprocess();

  pid_t pid() const { return pid_; }
  int socket() const { return socket_.number(); }
  int handle() const { return handle_.number(); }  // readable once it has ended

  void kill() const;
  void hang_up() { socket_ = Descriptor(); }
  // Waits so long for its end; nothing when it still runs.
  std::optional<SubprocessEnd> ended_within(std::chrono::milliseconds time);
  // Resident; 0 when it cannot be told.
  Bytes memory() const;

 private:
  Subprocess(pid_t pid, Descriptor handle, Descriptor socket);

  pid_t pid_ = -1;
  Descriptor handle_;  // also tells a moved-from object
  Descriptor socket_;
  std::optional<SubprocessEnd> end_;
};

// In the child, first thing: die when the thread that started it does.  One that has died already
// shows on the socket.
void die_with_parent();

// This program once more, as a child process: a run to be measured, or a worker of it.

struct InvocationEnd {
  int exit_code = 0;    // 128 and its number if a signal ended it, as a shell has it
  Duration cpu{};       // user and system, its own and of all that it waited for
  Bytes most_memory{};  // resident, of the largest of them
};

// For `main`, first thing: a program that an Invocation has started ends with the one that started
// it, SIGKILL included (prctl(2), PR_SET_PDEATHSIG).  Any other program goes on.
void end_with_starter();

// Threading: one thread at a time, which outlives what it starts.
class Invocation {
 public:
  // Starts `repopipe ARGUMENTS...` in a process group of its own, so that Ctrl-C in a terminal
  // reaches it through us alone.  It reads nothing and its output is dropped.  What it has to say
  // becomes the content of the file `words`; without a name it goes to our standard error.
  static Result<Invocation> start(std::vector<std::string> arguments,
                                  const std::filesystem::path& words);

  Invocation(Invocation&& other) noexcept;
  Invocation& operator=(Invocation&&) = delete;
  // Kills what still runs.
  ~Invocation();

  pid_t pid() const { return pid_; }
  // A descriptor that can be read from as soon as it has ended.
  int handle() const { return handle_.number(); }
  void signal(int number) const;
  // Waits for its end.  After that there is no such process any more.
  InvocationEnd wait();

 private:
  Invocation(pid_t pid, Descriptor handle) : pid_(pid), handle_(std::move(handle)) {}

  pid_t pid_;          // -1: moved from, or waited for
  Descriptor handle_;  // a pidfd
};

}  // namespace repopipe
