#include "tests/e2e/deliver.h"

#include <fstream>
#include <string>

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;

// The kernel's list of signals that the process has not yet taken.
bool is_pending(pid_t pid, int signal) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("ShdPnd:")) continue;
    return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0;
  }
  return false;
}

}  // namespace

void deliver(Process& process, int signal) {
  process.signal(signal);
  while (is_pending(process.pid(), signal) && !process.ends_within(1ms)) {
  }
}

}  // namespace repopipe::e2e
