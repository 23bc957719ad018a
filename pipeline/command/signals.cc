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
  // A full disk that is a limit on file sizes is a failed write like any other (setrlimit(2)).
  std::signal(SIGXFSZ, SIG_IGN);
  signals_ = Descriptor(signalfd(-1, &set, SFD_CLOEXEC));
  ended_ = Descriptor(eventfd(0, EFD_CLOEXEC));
  thread_ = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch() {
  const std::uint64_t one = 1;
  while (write(ended_.number(), &one, sizeof(one)) != sizeof(one)) {
  }
  thread_.join();
}

void SignalWatch::start(std::function<void(int signal)> first, LaterSignals later) {
  const std::lock_guard lock(mutex_);
  first_ = std::move(first);
  later_ = later;
}

void SignalWatch::stop() {
  const std::lock_guard lock(mutex_);
  first_ = nullptr;
}

void SignalWatch::watch() {
  while (true) {
    std::array<pollfd, 2> waits{pollfd{signals_.number(), POLLIN, 0},
                                pollfd{ended_.number(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    if ((waits[1].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (read(signals_.number(), &info, sizeof(info)) != sizeof(info)) continue;
    obey(static_cast<int>(info.ssi_signo));
  }
}

void SignalWatch::obey(int signal) {
  const std::lock_guard lock(mutex_);
  if (!first_) _exit(128 + signal);
  const auto first = first_;
  if (later_ == LaterSignals::exit) first_ = nullptr;
  first(signal);
}

}  // namespace repopipe
