#include "tests/pipeline/workers/processes/pool_world.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "stages/providers/github/github.h"

namespace repopipe::testing {
CrowdedApi::CrowdedApi(int crowd)
    : crowd_(crowd), server_([this](const std::string&) { return answer(); }) {}

int CrowdedApi::most() const {
  const std::lock_guard lock(mutex_);
  return most_;
}

std::string CrowdedApi::answer() {
  std::unique_lock lock(mutex_);
  most_ = std::max(most_, ++active_);
  changed_.notify_all();
  changed_.wait(lock, [this] { return most_ >= crowd_; });
  --active_;
  return response("200 OK", "", "[]");
}

PendingTask::Done Home::door() {
  return [this](TaskResult task_result) {
    const std::lock_guard lock(mutex_);
    settled_.push_back(std::move(task_result));
    changed_.notify_all();
  };
}

std::vector<TaskResult> Home::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kHangs, [&] { return settled_.size() >= count; })) {
    throw std::runtime_error("only " + std::to_string(settled_.size()) + " tasks came home");
  }
  return settled_;
}

std::size_t Home::count() const {
  const std::lock_guard lock(mutex_);
  return settled_.size();
}

Task task_of(std::uint64_t id, const std::string& login) {
  const std::string name = login.empty() ? "u" + std::to_string(id) : login;
  return {.id = id,
          .login = name,
          .request = {.target = "/users/" + name + "/repos?per_page=100&page=1"}};
}

void submit(Executor& executor, Task task, PendingTask::Done door) {
  executor.submit(std::make_shared<PendingTask>(std::move(task), std::move(door)));
}

void submit_many(Executor& executor, Home& home, std::uint64_t count, std::uint64_t first) {
  for (std::uint64_t i = 0; i < count; ++i) submit(executor, task_of(first + i), home.door());
}

std::vector<std::uint64_t> ids_of(const std::vector<TaskResult>& settled,
                                  std::optional<FailureKind> kind) {
  std::vector<std::uint64_t> found;
  for (const TaskResult& each : settled) {
    const bool fits = each.result ? !kind : kind && each.result.error().kind == *kind;
    if (fits) found.push_back(each.task.id);
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::uint64_t> ids(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t id = first; id <= last; ++id) all.push_back(id);
  return all;
}

PoolOptions pool_options(const std::string& base_url, int processes, int concurrency) {
  return {.program = REPOPIPE_BINARY_DIR "/repopipe",
          .version = REPOPIPE_VERSION,
          .processes = processes,
          .settings = {.provider = "github",
                       .base_url = base_url,
                       .concurrency = concurrency,
                       .max_body = Bytes{1 << 20}},
          .memory = Bytes{8ULL << 30}};
}

std::vector<pid_t> children() {
  std::vector<pid_t> all;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(thread.path() / "children");
    std::copy(std::istream_iterator<pid_t>(file), {}, std::back_inserter(all));
  }
  return all;
}

std::string file_of(pid_t process, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(process) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace repopipe::testing
