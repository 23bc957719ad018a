#include "tests/e2e/deliver.h"

#include <fstream>
#include <string>

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;

// Whether the signal is in one of the kernel's lists of the process.
bool is_listed(pid_t pid, const std::string& list, int signal) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(list)) continue;
    return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0;
  }
  return false;
}

}  // namespace

void wait_until_watched(Process& process, int signal) {
  while (!is_listed(process.pid(), "SigBlk:", signal) && !process.ends_within(1ms)) {
  }
}

void deliver(Process& process, int signal) {
  process.signal(signal);
  while (is_listed(process.pid(), "ShdPnd:", signal) && !process.ends_within(1ms)) {
  }
}

}  // namespace repopipe::e2e
