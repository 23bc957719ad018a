#include "pipeline/alerts/after_hook.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "pipeline/base/secrets.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"

namespace repopipe {
namespace {

using Steady = std::chrono::steady_clock;

tl::unexpected<Failure> hook_failed(std::string why) {
  return fail(FailureKind::internal, "hooks.after " + std::move(why));
}

// A file in memory with `input`, at its beginning; not open: it cannot be made.
Descriptor input_of(std::string_view input) {
  Descriptor file(memfd_create("summary", MFD_CLOEXEC));
  if (!file.is_open()) return file;
  while (!input.empty()) {
    const auto written = write(file.number(), input.data(), input.size());
    if (written < 0 && errno != EINTR) return {};
    if (written > 0) input.remove_prefix(static_cast<std::size_t>(written));
  }
  lseek(file.number(), 0, SEEK_SET);
  return file;
}

// `variable`: NAME=VALUE.
bool is_hidden(std::string_view variable, const std::vector<std::string>& names) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::ranges::find(names, name) != names.end() || may_hold_secret(variable);
}

// How posix_spawn(3) starts the command.
class HookStart {
 public:
  HookStart(const std::filesystem::path& folder, int input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~HookStart() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  HookStart(const HookStart&) = delete;
  HookStart& operator=(const HookStart&) = delete;

  int start(const std::string& command, char* const* environment, pid_t& pid) const {
    const std::array<const char*, 4> words{"sh", "-c", command.c_str(), nullptr};
    return posix_spawn(&pid, "/bin/sh", &actions_, &attributes_,
                       const_cast<char* const*>(words.data()), environment);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

bool ends_within(int handle, Steady::duration time) {
  const auto end = Steady::now() + time;
  pollfd wait{handle, POLLIN, 0};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
    const int ready = poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return false;
  }
}

int reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Waits for the end of the command; after the time limit ends its group.
Status watch(pid_t pid, int handle, const HookOptions& options) {
  const bool is_in_time = ends_within(handle, options.timeout);
  if (!is_in_time) {
    kill(-pid, SIGTERM);
    if (!ends_within(handle, options.grace)) kill(-pid, SIGKILL);
  }
  const int status = reap(pid);
  if (!is_in_time) {
    kill(-pid, SIGKILL);  // what the command has started
    return hook_failed(
        fmt::format("took longer than hooks.timeout ({}) and was ended", show(options.timeout)));
  }
  if (WIFSIGNALED(status))
    return hook_failed(fmt::format("was ended by signal {}", WTERMSIG(status)));
  if (WEXITSTATUS(status) == 0) return {};
  return hook_failed(fmt::format("ended with status {}", WEXITSTATUS(status)));
}

}  // namespace

Status run_hook(const HookOptions& options,
                const std::vector<std::pair<std::string, std::string>>& variables,
                std::string_view input) {
  const Descriptor summary = input_of(input);
  if (!summary.is_open())
    return hook_failed(fmt::format("cannot be run: {}", std::strerror(errno)));
  std::vector<std::string> added;
  added.reserve(variables.size());
  for (const auto& [name, value] : variables) added.push_back(name + "=" + value);
  std::vector<char*> environment;
  for (char** each = environ; *each != nullptr; ++each) {
    if (!is_hidden(*each, options.hidden)) environment.push_back(*each);
  }
  for (std::string& each : added) environment.push_back(each.data());
  environment.push_back(nullptr);
  pid_t pid = -1;
  const HookStart start(options.folder, summary.number());
  const int error = start.start(options.command, environment.data(), pid);
  if (error != 0) return hook_failed(fmt::format("cannot be run: {}", std::strerror(error)));
  const Descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!handle.is_open()) {
    kill(-pid, SIGKILL);
    reap(pid);
    return hook_failed(fmt::format("cannot be watched: {}", std::strerror(errno)));
  }
  return watch(pid, handle.number(), options);
}

}  // namespace repopipe
