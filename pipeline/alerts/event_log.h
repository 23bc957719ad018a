// The log file of a job: one line an event, appended.  docs/alerts.md lists the events.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"

namespace repopipe {

enum class LogEvent {
  run_started,
  run_resumed,
  progress,
  waiting,
  continued,
  token_disabled,
  token_expires,
  worker_replaced,
  user_failed,
  notice,
  ping_failed,
  output_failed,
  run_ended,
};

struct LogEventRow {
  LogEvent event;
  std::string_view name;     // never changes
  Priority priority;         // `notice` and `run_ended` may be more urgent
  std::string_view fields;   // besides those of every event
  std::string_view meaning;  // for the documentation
};

// In the order of LogEvent.
std::span<const LogEventRow> log_events();

// A JSON value that is already written, such as the summary of a run.
struct JsonText {
  std::string text;
};

struct LogField {
  std::string_view name;
  std::variant<std::string, std::uint64_t, JsonText> value;
};

struct LogOptions {
  std::filesystem::path file{};  // empty: no log
  bool as_json = false;
  std::string job{};
};

// Threading: any.  Each event is one write(2), so that several programs may append to one file.
class EventLog {
 public:
  // `warn` is called with one line when the file cannot be written, once; the run continues.
  // It may add events.
  EventLog(LogOptions options, const Clock& clock, std::function<void(const std::string&)> warn);

  bool is_on() const { return !options_.file.empty(); }

  // The run of the following events.
  void set_run(std::int64_t run_id);

  void add(LogEvent event, std::string_view message, const std::vector<LogField>& fields = {});
  void add(LogEvent event, Priority priority, std::string_view message,
           const std::vector<LogField>& fields = {});

 private:
  std::string line_of(LogEvent event, Priority priority, std::string_view message,
                      const std::vector<LogField>& fields) const REQUIRES(mutex_);
  // 0 or errno.
  int append(LogEvent event, Priority priority, std::string_view message,
             const std::vector<LogField>& fields);
  // Opens the file if it is not open, or was moved or removed.  Returns 0 or errno.
  int open_again() REQUIRES(mutex_);

  const LogOptions options_;
  const Clock& clock_;
  const std::function<void(const std::string&)> warn_;
  Mutex mutex_;
  Descriptor file_ GUARDED_BY(mutex_);
  std::int64_t run_id_ GUARDED_BY(mutex_) = 0;  // 0: none
  std::atomic<bool> has_warned_ = false;
};

}  // namespace repopipe
