// This program once more, as a child process: a run to be measured, or a worker of it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/base/clock.h"
#include "pipeline/base/descriptor.h"
#include "pipeline/base/result.h"
#include "pipeline/base/units.h"

namespace repopipe {

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
