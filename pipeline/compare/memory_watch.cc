#include "pipeline/compare/memory_watch.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

// Shorter at first: the peak of a short run lasts some milliseconds.
constexpr std::chrono::milliseconds kFirstPause{5};
constexpr std::chrono::milliseconds kPause{50};
constexpr int kFirstSamples = 40;

fs::path folder_of(pid_t process) {
  return fs::path("/proc") / std::to_string(process);
}

// Appends the process and its descendants.
void add_family(pid_t process, std::vector<pid_t>& family) {
  family.push_back(process);
  std::error_code ended;  // the process has ended
  for (fs::directory_iterator thread(folder_of(process) / "task", ended), end;
       !ended && thread != end; thread.increment(ended)) {
    std::ifstream children(thread->path() / "children");
    for (pid_t child = 0; children >> child;) add_family(child, family);
  }
}

std::uint64_t bytes_of(pid_t process) {
  std::ifstream lines(folder_of(process) / "smaps_rollup");
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("Pss:")) continue;
    return std::stoull(line.substr(4)) * 1024;
  }
  return resident_memory(process).count;
}

}  // namespace

Bytes memory_of(std::span<const pid_t> processes) {
  std::vector<pid_t> family;
  for (const pid_t process : processes) add_family(process, family);
  Bytes sum;
  for (const pid_t process : family) sum.count += bytes_of(process);
  return sum;
}

MemoryWatch::MemoryWatch(std::vector<pid_t> processes) : processes_(std::move(processes)) {
  auto thread = Thread::start(
      "memory_watch", [this] { watch(); }, [](const Failure&) {});
  if (thread) thread_ = std::move(*thread);
}

MemoryWatch::~MemoryWatch() {
  if (thread_.is_there()) stop();
}

MemoryWatch::Peak MemoryWatch::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  return peak_;
}

void MemoryWatch::watch() {
  Lock lock(mutex_);
  do {
    lock.unlock();
    peak_.memory = std::max(peak_.memory, memory_of(processes_));
    peak_.samples += 1;
    lock.lock();
    const auto pause = peak_.samples < kFirstSamples ? kFirstPause : kPause;
    wake_.wait_for(lock, pause, [this]() REQUIRES(mutex_) { return stopping_; });
  } while (!stopping_);
}

}  // namespace repopipe
