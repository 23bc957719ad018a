#include "pipeline/command/signals.h"

#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <utility>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"

namespace repopipe {
namespace {

constexpr std::chrono::seconds kBelongsToFirst{1};

// nohup(1) ignores SIGHUP, and programs that it starts inherit that.
bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

std::string_view name_of_end(int signal) {
  return signal == SIGINT ? "interrupted" : "terminated";
}

SignalWatch::SignalWatch() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  if (!is_ignored(SIGHUP)) sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // If the reader of our output ends, the run must continue.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit on file sizes becomes a failed write, like a full disk (setrlimit(2)).
  std::signal(SIGXFSZ, SIG_IGN);
  signals_ = must_open(signalfd(-1, &set, SFD_CLOEXEC), "a signalfd");
  ended_ = must_open(eventfd(0, EFD_CLOEXEC), "an eventfd");
  thread_ = Thread::must_start(
      "signals", [this] { watch(); }, [](const Failure&) { _exit(128 + SIGTERM); });
}

SignalWatch::~SignalWatch() {
  const std::uint64_t one = 1;
  while (write(ended_.number(), &one, sizeof(one)) != sizeof(one)) {
  }
  thread_.join();
}

void SignalWatch::start(std::function<void(int signal)> first, LaterSignals later) {
  const Lock lock(mutex_);
  told_ = std::move(first);
  later_ = later;
  first_at_.reset();
}

void SignalWatch::on_question(std::function<void()> asked) {
  const Lock lock(mutex_);
  asked_ = std::move(asked);
}

void SignalWatch::stop() {
  const Lock lock(mutex_);
  told_ = nullptr;
}

void SignalWatch::watch() {
  while (true) {
    std::array<pollfd, 2> waits{pollfd{signals_.number(), POLLIN, 0},
                                pollfd{ended_.number(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    if ((waits[1].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (read(signals_.number(), &info, sizeof(info)) != sizeof(info)) continue;
    obey(static_cast<int>(info.ssi_signo),
         info.ssi_code == SI_KERNEL ? SentBy::terminal : SentBy::process);
  }
}

void SignalWatch::obey(int signal, SentBy sender) {
  const int meant = signal == SIGHUP ? SIGTERM : signal;
  const Lock lock(mutex_);
  if (signal == SIGUSR1) {
    if (asked_) asked_();
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  const bool is_early = first_at_ && now - *first_at_ < kBelongsToFirst;
  if (is_early && sender == SentBy::process) return;
  if (!told_ || (first_at_ && later_ == LaterSignals::exit)) {
    say_last(fmt::format("repopipe: {}\n", name_of_end(meant)));
    _exit(128 + meant);
  }
  if (!first_at_) first_at_ = now;
  told_(meant);
}

std::string words_of_stop(int signal, std::string_view what) {
  return fmt::format("{}: finishes {}; a second {} ends it at once", name_of_end(signal), what,
                     signal == SIGINT ? "Ctrl-C" : "signal");
}

LastResort::LastResort(Time deadline, Duration grace)
    : grace_(grace),
      timer_(
          clock_, [this] { fire(); }, [](const Failure&) {}) {
  timer_.set(deadline);
}

void LastResort::fire() {
  if (!std::exchange(has_passed_, true)) return timer_.set(clock_.now() + grace_);
  say_last(
      "repopipe: run.deadline passed a minute ago, and the run hangs; the "
      "next run resumes\n");
  _exit(static_cast<int>(ExitCode::try_later));
}

std::unique_ptr<LastResort> end_whatever_hangs(Time deadline) {
  try {
    return std::make_unique<LastResort>(deadline);
  } catch (...) {
    return nullptr;
  }
}

RunStop::RunStop(SignalWatch& signals, std::function<void(int signal)> told)
    : signals_(signals), told_(std::move(told)) {
  signals_.start([this](int signal) { obey(signal); });
}

RunStop::~RunStop() {
  signals_.stop();
}

RunEnd RunStop::run(RunGraph& graph) {
  {
    const Lock lock(mutex_);
    graph_ = &graph;
    if (signal_ != 0) stop_graph();
  }
  struct Detach {
    RunStop& stop;
    ~Detach() {
      const Lock lock(stop.mutex_);
      stop.graph_ = nullptr;
    }
  } const detach{*this};
  return graph.run();
}

bool RunStop::was_asked() const {
  const Lock lock(mutex_);
  return signal_ != 0;
}

void RunStop::obey(int signal) {
  told_(signal);
  const Lock lock(mutex_);
  signal_ = signal;
  if (graph_ != nullptr) stop_graph();
}

void RunStop::stop_graph() {
  graph_->stop(RunStatus::interrupted,
               signal_ == SIGINT ? ExitCode::interrupted : ExitCode::terminated,
               fmt::format("{}; the next run resumes", name_of_end(signal_)));
}

}  // namespace repopipe
