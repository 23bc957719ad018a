#include "pipeline/command/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <utility>

namespace repopipe {

SignalWatch::SignalWatch() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // Whoever reads our output may go away; what is stored must not depend on that.
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  ended_ = eventfd(0, EFD_CLOEXEC);
}

SignalWatch::~SignalWatch() {
  stop();
  close(signals_);
  close(ended_);
}

void SignalWatch::start(std::function<void(int signal)> first) {
  thread_ = std::thread([this, first = std::move(first)] { watch(first); });
}

void SignalWatch::stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  if (write(ended_, &one, sizeof(one)) == sizeof(one)) thread_.join();
}

void SignalWatch::watch(const std::function<void(int signal)>& first) const {
  bool is_first = true;
  while (true) {
    std::array<pollfd, 2> waits{pollfd{signals_, POLLIN, 0}, pollfd{ended_, POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    if ((waits[1].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof(info)) != sizeof(info)) continue;
    const int signal = static_cast<int>(info.ssi_signo);
    if (!std::exchange(is_first, false)) _exit(128 + signal);
    first(signal);
  }
}

}  // namespace repopipe
