// The operating system as the program uses it: descriptors, memory, environment, limits, standard
// streams.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Owning a file descriptor, whatever it leads to.

// Closes it with its owner.  Threading: one thread at a time.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_ = -1;
};

// What a process uses, as Linux tells it (proc(5)).

// Resident; 0 when it cannot be told.
Bytes resident_memory(pid_t process);

// What loading a job needs of the process around it; a value, so that tests bring their own.

// What begins the name of an environment variable where a value could stand.
inline constexpr std::string_view kVariable = "env:";

struct Environment {
  // The value of an environment variable; nothing when it is unset.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  int standard_input = 0;  // a file descriptor, read to its end by `usernames_file: "-"`
};

Environment process_environment();

// How many files this process may have open: connections, databases and pipes are files too.

// Raises the soft limit to the hard one, or to as many as any job can use.  Call it before all
// else.
void raise_open_files();

// The soft limit.
std::size_t open_files_allowed();

// Of kind `machine_limit` where not even the program's own files can be open.
Status check_open_files(std::size_t allowed);

// Of `wanted` connections at a time, those for which the limit has room; at least one.
int connections_within(int wanted, std::size_t allowed);

// Owns what a system call has opened.  Throws Thrown of kind `machine_limit` if it failed; errno
// must still be that of the call.
Descriptor must_open(int number, std::string_view what);

// The program's standard streams.  Whatever became of them, the run does its work and its exit code
// tells of it.

// Gives 0, 1 and 2 a file where the caller left none, so that no database and no connection becomes
// one of them.  Reading or writing it fails as on a closed stream.  Call it before all else.
void keep_standard_streams();

// To stderr, at once and without secrets.  What cannot be written is lost: there is nowhere left to
// say so.
void say(std::string_view text);

// To stdout, at once and without secrets.  A failure is of kind `database`.
Status put_out(std::string_view text);

// The same for what the command was asked for.  Returns `exit_code`; or, when the text could not be
// written, says so and makes a failure of a success.
ExitCode deliver(std::string_view text, ExitCode exit_code = ExitCode::complete);

}  // namespace repopipe
