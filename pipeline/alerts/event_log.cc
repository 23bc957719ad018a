#include "pipeline/alerts/event_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"

namespace repopipe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kEvents{
    LogEventRow{LogEvent::run_started, "run_started", Priority::info, "`users`",
                "a run has begun; `users`: entries of the job"},
    LogEventRow{LogEvent::run_resumed, "run_resumed", Priority::info, "`users`, `users_done`",
                "an unfinished run continues"},
    LogEventRow{LogEvent::progress, "progress", Priority::info,
                "`users`, `users_done`, `users_failed`, `repos`, `requests`",
                "once a minute: how far the run is"},
    LogEventRow{LogEvent::waiting, "waiting", Priority::info, "`cause`, `until`",
                "the run waits; the causes are those of `run_waits`"},
    LogEventRow{LogEvent::continued, "continued", Priority::info, "", "a wait is over"},
    LogEventRow{LogEvent::token_disabled, "token_disabled", Priority::warning, "",
                "a token is not valid; its users go to the other tokens"},
    LogEventRow{LogEvent::token_expires, "token_expires", Priority::warning, "",
                "a token expires within 14 days, or has expired"},
    LogEventRow{LogEvent::worker_replaced, "worker_replaced", Priority::warning, "",
                "a worker process ended and was restarted"},
    LogEventRow{LogEvent::user_failed, "user_failed", Priority::warning, "`login`, `error`",
                "a user failed; the first 100 of a run"},
    LogEventRow{LogEvent::notice, "notice", Priority::info, "",
                "any other message that a run prints"},
    LogEventRow{LogEvent::ping_failed, "ping_failed", Priority::warning, "",
                "a ping was not accepted"},
    LogEventRow{LogEvent::output_failed, "output_failed", Priority::warning, "",
                "the page, the metrics or the hook failed"},
    LogEventRow{LogEvent::run_ended, "run_ended", Priority::info, "`summary`",
                "the run has ended; `summary` is the object of `--summary json`"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    if (kEvents[i].event != static_cast<LogEvent>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "the table is indexed by event");

const LogEventRow& row_of(LogEvent event) {
  return kEvents[static_cast<std::size_t>(event)];
}

std::string_view level_of(Priority priority) {
  switch (priority) {
    case Priority::error:
      return "error";
    case Priority::warning:
      return "warning";
    case Priority::info:
      break;
  }
  return "info";
}

constexpr std::size_t kLongestMessage = 4000;

}  // namespace

std::span<const LogEventRow> log_events() {
  return kEvents;
}

EventLog::EventLog(LogOptions options, const Clock& clock,
                   std::function<void(const std::string&)> warn)
    : options_(std::move(options)), clock_(clock), warn_(std::move(warn)) {}

void EventLog::set_run(std::int64_t run_id) {
  const Lock lock(mutex_);
  run_id_ = run_id;
}

void EventLog::add(LogEvent event, std::string_view message, const std::vector<LogField>& fields) {
  add(event, row_of(event).priority, message, fields);
}

void EventLog::add(LogEvent event, Priority priority, std::string_view message,
                   const std::vector<LogField>& fields) {
  if (!is_on()) return;
  const int error = append(event, priority, message, fields);
  if (error == 0 || has_warned_.exchange(true)) return;
  warn_(fmt::format("log.file {} cannot be written: {}", options_.file.string(),
                    std::strerror(error)));
}

int EventLog::append(LogEvent event, Priority priority, std::string_view message,
                     const std::vector<LogField>& fields) {
  const Lock lock(mutex_);
  if (const int error = open_again(); error != 0) return error;
  const std::string line = line_of(event, priority, message, fields);
  const auto written = write(file_.number(), line.data(), line.size());
  if (written < 0) return errno;
  return written == static_cast<ssize_t>(line.size()) ? 0 : ENOSPC;
}

std::string EventLog::line_of(LogEvent event, Priority priority, std::string_view message,
                              const std::vector<LogField>& fields) const {
  const std::string time = to_iso8601(clock_.wall());
  const std::string text = without_secrets(message);
  if (!options_.as_json) {
    const std::string run = run_id_ == 0 ? "" : fmt::format(" run {}", run_id_);
    return fmt::format("{} {} {} {}{}: {}\n", time, level_of(priority), row_of(event).name,
                       options_.job, run, printable(text, kLongestMessage));
  }
  Json json{{"time", time},
            {"level", level_of(priority)},
            {"event", row_of(event).name},
            {"message", text},
            {"job", options_.job},
            {"run", run_id_ == 0 ? Json() : Json(run_id_)}};
  for (const LogField& field : fields) {
    json[std::string(field.name)] =
        std::visit(Match{[](const std::string& value) { return Json(without_secrets(value)); },
                         [](std::uint64_t value) { return Json(value); },
                         [](const JsonText& value) {
                           return Json::parse(without_secrets(value.text), nullptr, false);
                         }},
                   field.value);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

int EventLog::open_again() {
  struct stat named {
  }, open_one{};
  const bool is_there = stat(options_.file.c_str(), &named) == 0;
  if (file_.is_open() && is_there && fstat(file_.number(), &open_one) == 0 &&
      named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev) {
    return 0;
  }
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  file_ = Descriptor(open(options_.file.c_str(), kFlags, 0640));
  return file_.is_open() ? 0 : errno;
}

}  // namespace repopipe
