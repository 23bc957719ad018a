// Programs as a user starts them: arguments, environment, streams, signals and how they ended.
// Every end-to-end test runs the real binaries through it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe::e2e {

// Where a stream of the program leads.
struct ToPath {
  std::filesystem::path path;
};
enum class Stream { captured, closed };

struct Program {
  std::vector<std::string> arguments;  // the first is the binary
  // Besides PATH, a HOME that is empty and the sanitizers' own variables: nothing of the tests'
  // environment reaches the program.
  std::map<std::string, std::string> environment{};
  std::filesystem::path folder{"/"};     // working directory
  std::optional<std::string> input{""};  // standard input; none: it is closed
  Stream output = Stream::captured;      // standard output
  std::optional<ToPath> output_path{};   // instead of `output`
  std::optional<ToPath> error_path{};    // instead of capturing standard error
};

struct Ended {
  int exit_code = -1;  // -1: a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
  long most_memory_kib = 0;  // resident
};

// A running program.  Threading: one thread at a time.
class Process {
 public:
  explicit Process(const Program& program);
  // Kills what still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Closes our end of its standard output, so that its writes fail.
  void hang_up();

  // The next line of standard output without newline; at the end of the stream, what is left.
  std::string read_line();
  // True when standard error contains `words`; false if the program ends or hangs without them.
  bool says(const std::string& words);
  // True: it ended within this time.
  bool ends_within(std::chrono::milliseconds time);
  // Until the program ends; one that hangs is killed and fails the test.
  Ended wait();

 private:
  void read_until(const std::function<bool()>& enough, std::chrono::steady_clock::time_point until);
  void reap();

  pid_t pid_ = -1;
  int handle_ = -1;  // a pidfd
  int out_ = -1, err_ = -1;
  std::optional<Ended> ended_;
  std::string out_text_, err_text_;
};

// Starts it and waits for its end.
Ended run(const Program& program);

std::filesystem::path repopipe_binary();
std::filesystem::path simulator_binary();

}  // namespace repopipe::e2e
