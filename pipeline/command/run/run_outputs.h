// What a run tells others than its caller: the log file, pings, metrics and the command after it.
// Nothing here fails or ends a run: what cannot be written is one warning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pipeline/alerts/event_log.h"
#include "pipeline/alerts/ping.h"
#include "pipeline/base/mutex.h"
#include "pipeline/command/commands.h"
#include "pipeline/job/load.h"
#include "pipeline/model/run.h"
#include "pipeline/report/frame.h"
#include "pipeline/report/summary.h"
#include "storage/store/run_table.h"

namespace repopipe {

// Threading: `begin` and `end` on one thread, the others on any.
class RunOutputs {
 public:
  // `loaded` and `around` outlive it.  If the job has errors, only what was read without one is
  // used.
  RunOutputs(const LoadedJob& loaded, const ProcessContext& around);

  // The run has its row in the database.  Returns at once.
  void begin(const RunStart& start, std::uint64_t users);

  void note(const Notice& notice, std::optional<WallTime> goes_on);
  void progress(const Progress& progress);
  void continued();
  // Logs the first hundred of them.
  void user_failed(const std::string& login, const std::string& error);

  // The last event, the last ping, the report page, and the command; call it when the database is
  // closed and its lock is released.
  void end(const Summary& summary, ExitCode exit_code);

 private:
  void warn(LogEvent event, const std::string& line);
  void write_report(const Summary& summary);
  void write_metrics(const Summary& summary, ExitCode exit_code);
  void call_hook(const Summary& summary, ExitCode exit_code);

  const LoadedJob& loaded_;
  const ProcessContext& around_;
  EventLog log_;
  std::string uid_;  // of the run, or of the attempt
  Mutex mutex_;
  int failed_users_ GUARDED_BY(mutex_) = 0;
  Ping ping_;  // last member: its thread uses the others
};

}  // namespace repopipe
