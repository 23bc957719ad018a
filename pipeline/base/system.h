// The operating system as the program uses it: descriptors, memory, environment, limits, standard
// streams.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Owns a file descriptor.  Threading: one thread at a time.
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

// Resident memory (proc(5)); 0: unknown.
Bytes resident_memory(pid_t process);

// The parts of the process that loading a job needs; a value, so that tests can replace it.

// Begins the name of an environment variable in place of a value.
inline constexpr std::string_view kVariable = "env:";

struct Environment {
  // The value of an environment variable; nothing: it is unset.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  int standard_input = 0;  // descriptor that `usernames_file: "-"` reads to its end
};

Environment process_environment();

// Raises the soft limit on open files to the hard limit, at most to what any job can use.  Call it
// first in `main`.
void raise_open_files();

// The soft limit on open files.
std::size_t open_files_allowed();

// Fails with `machine_limit` if `allowed` is too small for the program's own files.
Status check_open_files(std::size_t allowed);

// How many of `wanted` connections fit into the limit; at least one.
int connections_within(int wanted, std::size_t allowed);

// Owns a descriptor from a system call.  Throws Thrown of kind `machine_limit` if the call failed;
// errno must still be that of the call.
Descriptor must_open(int number, std::string_view what);

// Opens descriptors 0, 1 and 2 if the caller closed them, so that no database or connection gets
// one of these numbers.  Reading or writing them fails as on a closed stream.  Call it first in
// `main`.
void keep_standard_streams();

// How urgent a line is, as in syslog(3).
enum class Priority { error = 3, warning = 4, info = 6 };

// Writes lines to stderr, unbuffered and with secrets masked.  Errors are ignored; it never
// throws.  If stderr is the systemd journal, each line begins with its priority, such as "<4>"
// (sd-daemon(3)).
void say(std::string_view text, Priority priority = Priority::info);
// The same for the last words of a process that ends at once.
void say_last(std::string_view text);

// Writes to stderr as it is, with secrets masked.
void write_stderr(std::string_view text);

// From now on `say` passes its text to `owner` instead of writing it; an empty one ends that.  The
// owner writes it with write_stderr.  Threading: any; `owner` is called by one thread at a time,
// and not any more after the call that ends it.
enum class Last { no, yes };  // whether the process ends after the text
void take_over_stderr(std::function<void(const std::string&, Last)> owner);

// Writes the output of a command to stdout, unbuffered and with secrets masked.  Returns
// `exit_code`. If the text cannot be written, prints the error and returns that of `database`
// instead of success.
ExitCode deliver(std::string_view text, ExitCode exit_code = ExitCode::complete);

// Writes `path` completely: to a temporary file in the same folder, which is then renamed.  A
// failure is of kind `output`, or `database` for an I/O error; the old file is then as it was.
Status write_whole(const std::filesystem::path& path, std::string_view text);

enum class IfExists { replace, refuse };

// Renames a file within a folder.  With `refuse`, fails as `output` if `path` exists.
Status move_into_place(const std::filesystem::path& from, const std::filesystem::path& path,
                       IfExists if_exists);

}  // namespace repopipe
