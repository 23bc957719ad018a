#include "tests/e2e/workers.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace repopipe::e2e {
namespace {

// And not, say, the helper of a sanitizer.
bool is_worker(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/cmdline");
  std::string program, command;
  std::getline(file, program, '\0');
  std::getline(file, command, '\0');
  return command == "worker";
}

}  // namespace

std::vector<pid_t> workers_of(pid_t run) {
  std::vector<pid_t> all;
  std::error_code gone;
  const auto threads = "/proc/" + std::to_string(run) + "/task";
  for (const auto& thread : std::filesystem::directory_iterator(threads, gone)) {
    std::ifstream file(thread.path() / "children");
    std::copy_if(std::istream_iterator<pid_t>(file), {}, std::back_inserter(all), is_worker);
  }
  return all;
}

Watched::Watched(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes) {
    const auto handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    if (handle >= 0) handles_.push_back(handle);  // else it has ended
  }
}

Watched::~Watched() {
  for (const int handle : handles_) close(handle);
}

bool Watched::all_end_within(std::chrono::milliseconds time) const {
  const auto until = std::chrono::steady_clock::now() + time;
  for (const int handle : handles_) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wait{handle, POLLIN, 0};
    if (poll(&wait, 1, std::max(0, static_cast<int>(left.count()))) != 1) return false;
  }
  return true;
}

std::vector<std::string> replacements(const std::string& err) {
  std::istringstream lines(err);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("; restarted") != line.npos) found.push_back(line);
  }
  return found;
}

}  // namespace repopipe::e2e
