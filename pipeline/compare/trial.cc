#include "pipeline/compare/trial.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "pipeline/base/subprocess.h"
#include "pipeline/base/system.h"
#include "pipeline/compare/memory_watch.h"

namespace repopipe {
CancelToken::CancelToken() : handle_(must_open(eventfd(0, EFD_CLOEXEC), "an eventfd")) {}

void CancelToken::tell(int signal) {
  int none = 0;
  if (signal_.compare_exchange_strong(none, signal)) eventfd_write(handle_.number(), 1);
}

std::string show(const Trial& trial) {
  if (trial.way == Way::sequential) return std::string(name_of(trial.way));
  return fmt::format("{} at {}", name_of(trial.way), trial.setting.concurrency);
}

std::vector<Trial> trials_of(const TrialChoice& choice) {
  const std::set<Way> chosen(choice.ways.begin(), choice.ways.end());
  const std::set<int> numbers(choice.concurrencies.begin(), choice.concurrencies.end());
  const bool is_sequential = chosen.contains(Way::sequential);
  std::vector<Trial> trials;
  for (const Way way : chosen) {
    if (way == Way::sequential) {
      trials.push_back({way, {}});
      continue;
    }
    for (const int number : numbers) {
      if (way == Way::event_loop && number == 1 && is_sequential) continue;
      trials.push_back({way, {number, choice.processes, choice.queue}});
    }
  }
  return trials;
}

std::vector<std::string> overrides_of(const Trial& trial) {
  return ways()[static_cast<std::size_t>(trial.way)].overrides(trial.setting);
}

namespace {

// For a cancelled child.  Its result is discarded, so it gets no more time.
constexpr std::chrono::milliseconds kResponseTimeout{5000};

// With fewer samples the peak may be missed.
constexpr int kFewSamples = 10;

enum class Woken { run_ended, worker_ended, interrupted };

// Waits for the first event that ends the trial.
Woken wait_for(const Invocation& run, const std::vector<Invocation>& workers,
               const CancelToken& cancel_token) {
  std::vector<pollfd> waits{{run.handle(), POLLIN, 0}, {cancel_token.handle(), POLLIN, 0}};
  for (const Invocation& worker : workers) waits.push_back({worker.handle(), POLLIN, 0});
  while (poll(waits.data(), waits.size(), -1) <= 0) {
  }
  if (waits[1].revents != 0) return Woken::interrupted;
  return waits[0].revents != 0 ? Woken::run_ended : Woken::worker_ended;
}

// Nothing: it still runs.
std::optional<InvocationEnd> ended_within(Invocation& child, std::chrono::milliseconds time) {
  pollfd wait{child.handle(), POLLIN, 0};
  if (poll(&wait, 1, static_cast<int>(time.count())) <= 0) return std::nullopt;
  return child.wait();
}

// Sends the signal and waits; a child that does not end is killed by its destructor.
std::optional<InvocationEnd> end(Invocation& child, int signal) {
  child.signal(signal);
  return ended_within(child, kResponseTimeout);
}

std::vector<std::string> arguments_of(const Trial& trial, const Workplace& workplace,
                                      const std::filesystem::path& database) {
  std::vector<std::string> arguments{"run", workplace.job.string(), "--fresh", "--quiet"};
  const auto add = [&arguments](const std::string& override) {
    arguments.insert(arguments.end(), {"--set", override});
  };
  std::ranges::for_each(workplace.overrides, add);
  std::ranges::for_each(overrides_of(trial), add);
  add(set_text("store.database", database.string()));
  return arguments;
}

Result<std::vector<Invocation>> start_workers(const Workplace& workplace, const Trial& trial) {
  std::vector<Invocation> workers;
  if (trial.way != Way::queue) return workers;
  for (int i = 0; i < workplace.workers; ++i) {
    auto worker = Invocation::start(workplace.worker, {});
    if (!worker) return fail(worker.error());
    workers.push_back(std::move(*worker));
  }
  return workers;
}

tl::unexpected<Failure> ended_badly(std::string_view who, int exit_code) {
  std::string message = fmt::format("{} ended with exit code {}", who, exit_code);
  if (exit_code == static_cast<int>(ExitCode::incomplete)) {
    message += "; to compare anyway: --set run.fail_ratio=1";
  }
  return fail(failure_kind_of(static_cast<ExitCode>(exit_code)), std::move(message));
}

// The failure of the first worker that ended by itself.
tl::unexpected<Failure> ended_early(std::vector<Invocation>& workers) {
  for (Invocation& worker : workers) {
    const auto ended = ended_within(worker, std::chrono::milliseconds(0));
    if (ended) return ended_badly("a worker", ended->exit_code);
  }
  return fail(FailureKind::internal, "no worker has ended");
}

// A run and its workers, if any, during the measurement.
struct Measured {
  Invocation run;
  std::vector<Invocation> workers;

  std::vector<pid_t> processes() const {
    std::vector<pid_t> all{run.pid()};
    for (const Invocation& worker : workers) all.push_back(worker.pid());
    return all;
  }
};

// The resources that the run and its workers used, after all have ended.
Status collect(Measured& measured, const MemoryWatch::Peak& peak, Measure& measure) {
  const InvocationEnd run = measured.run.wait();
  measure.cpu = run.cpu;
  Bytes most = run.most_memory;
  for (Invocation& worker : measured.workers) {
    const auto ended = end(worker, SIGTERM);
    if (!ended) continue;
    measure.cpu += ended->cpu;
    most.count += ended->most_memory.count;
  }
  measure.memory = peak.samples < kFewSamples ? std::max(peak.memory, most) : peak.memory;
  if (run.exit_code != 0) return ended_badly("the run", run.exit_code);
  return {};
}

}  // namespace

std::string set_text(std::string_view path, std::string_view value) {
  using Json = nlohmann::json;
  return fmt::format("{}={}", path,
                     Json(value).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<Measure> run_trial(const Trial& trial, const Workplace& workplace,
                          const std::filesystem::path& database, const Clock& clock,
                          const CancelToken& cancel_token) {
  auto workers = start_workers(workplace, trial);
  if (!workers) return fail(workers.error().within(show(trial)));
  const Time start = clock.now();
  auto run = Invocation::start(arguments_of(trial, workplace, database), workplace.words);
  if (!run) return fail(run.error().within(show(trial)));
  Measured measured{std::move(*run), std::move(*workers)};
  MemoryWatch memory(measured.processes());
  const Woken woken = wait_for(measured.run, measured.workers, cancel_token);
  Measure measure{.trial = trial, .wall = clock.now() - start};
  const MemoryWatch::Peak peak = memory.stop();
  if (woken == Woken::interrupted) {
    end(measured.run, SIGINT);
    return fail(FailureKind::cancelled, "interrupted");
  }
  if (woken == Woken::worker_ended) {
    end(measured.run, SIGINT);
    return fail(ended_early(measured.workers).value().within(show(trial)));
  }
  const Status collected = collect(measured, peak, measure);
  if (!collected) return fail(collected.error().within(show(trial)));
  const auto cost = run_cost(database);
  if (!cost) return fail(cost.error());
  measure.cost = *cost;
  return measure;
}

}  // namespace repopipe
