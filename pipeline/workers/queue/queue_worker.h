// `repopipe worker`: works for every run of a queue until it is stopped; runs that it is not fit
// for are refused.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/units.h"
#include "pipeline/model/work_settings.h"
#include "pipeline/workers/queue/queue_session.h"

namespace repopipe {

struct WorkerSettings {
  QueueAddress address{};
  std::string version{};
  std::string base_url{};                          // the only API that runs may use
  std::optional<std::filesystem::path> ca_file{};  // on this machine
  std::map<std::string, std::string> tokens{};     // identity to token
  int processes = 1;
  std::string program = "/proc/self/exe";
  // Opens the executor for one run: a pool of processes.
  std::function<std::unique_ptr<Executor>(PoolOptions)> open_pool{};
  // Called with lines about events and about errors.  Threading: any.
  std::function<void(const std::string&)> remark = [](const std::string&) {};
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

class QueueWorker {
 public:
  // `clock` outlives the worker.
  QueueWorker(WorkerSettings settings, const Clock& clock);
  ~QueueWorker();

  // Returns after stop(), when all results are sent.  A failure, of kind `job`: Redis refuses the
  // worker permanently.
  Status run();

  // Threading: any.
  void stop();

 private:
  // The state of the worker for one run.
  struct Part {
    std::string job{};  // name of the job
    bool is_refused = false;
    std::unique_ptr<QueueSession> session{};
    std::string trouble{};  // why the worker left it last, unless a task succeeded since
    Time next_try{};        // if there is no session
    Duration pause{};
  };

  Status look_for_runs();
  void wait_for_news();
  Result<std::set<std::string>> runs();
  Status consider(const std::string& run);
  std::optional<std::string> objection_to(const std::string& version,
                                          const Result<RunInfo>& run_info) const;
  void refuse(const std::string& run, const std::string& job, const std::string& why);
  void take_part(const std::string& run, RunInfo run_info);
  void part_with(Part& part);
  bool is_told_to_stop_within(std::chrono::milliseconds time);
  void forget_ended();
  void drain();

  const WorkerSettings settings_;
  const Clock& clock_;
  const std::string name_;
  std::optional<Redis> redis_;
  std::map<std::string, Part> parts_;  // by id of the run
  std::uint64_t parts_taken_ = 0;
  std::optional<Failure> for_good_;  // Redis refuses the worker permanently

  Mutex mutex_;
  Condition wake_;
  bool stops_ GUARDED_BY(mutex_) = false;
};

}  // namespace repopipe
