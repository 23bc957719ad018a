// `repopipe worker`: takes part in every run of a queue that it is fit for, until it is told to
// end.
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
  std::string base_url{};                          // that runs may have asked
  std::optional<std::filesystem::path> ca_file{};  // of this machine
  std::map<std::string, std::string> tokens{};     // identity to token
  int processes = 1;
  std::string program = "/proc/self/exe";
  // Opens what fetches and parses for one run: a pool of processes.
  std::function<std::unique_ptr<Executor>(PoolOptions)> open_pool{};
  // Take lines for people: what happens, and what is wrong.  Threading: any.
  std::function<void(const std::string&)> remark = [](const std::string&) {};
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

class QueueWorker {
 public:
  // `clock` outlives the worker.
  QueueWorker(WorkerSettings settings, const Clock& clock);
  ~QueueWorker();

  // Until it is told to stop, and everything under way is sent back.  A failure, of kind `job`: the
  // server will not have us.
  Status run();

  // Threading: any.
  void stop();

 private:
  // What the worker has to do with a run that is there.
  struct Part {
    std::string job{};  // its name
    bool is_refused = false;
    std::unique_ptr<QueueSession> session{};
    std::string trouble{};  // that it was left for last, if nothing was answered since
    Time next_try{};        // when there is no session
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
  std::map<std::string, Part> parts_;  // by run
  std::uint64_t parts_taken_ = 0;
  std::optional<Failure> for_good_;  // the server will not have us

  Mutex mutex_;
  Condition wake_;
  bool stops_ GUARDED_BY(mutex_) = false;
};

}  // namespace repopipe
