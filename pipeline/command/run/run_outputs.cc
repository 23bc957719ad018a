#include "pipeline/command/run/run_outputs.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "pipeline/alerts/after_hook.h"
#include "pipeline/base/secrets.h"
#include "pipeline/command/command_line.h"
#include "pipeline/command/credentials.h"
#include "pipeline/report/metrics.h"
#include "pipeline/report/page/page.h"
#include "storage/query/run_metrics.h"

namespace repopipe {
namespace {

constexpr int kMostFailedUsers = 100;

// 128 random bits in the form of `runs.uid`.
std::string fresh_uid() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) < 0) return digest_of("uid");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

PingOptions ping_options(const Job& job, const Environment& environment) {
  PingOptions options{
      .url = job.ping.url,
      .post = {.user_agent = fmt::format("repopipe/{}", version()), .timeout = job.ping.timeout}};
  if (options.url.empty()) return options;
  auto trusted = authorities(job.provider.ca_file, options.url, environment);
  if (trusted) options.post.ca_file = std::move(*trusted);
  return options;
}

LogEvent event_of(const Notice& notice) {
  switch (notice.event) {
    case NoticeEvent::waiting:
      return LogEvent::waiting;
    case NoticeEvent::token_disabled:
      return LogEvent::token_disabled;
    case NoticeEvent::token_expires:
      return LogEvent::token_expires;
    case NoticeEvent::worker_replaced:
      return LogEvent::worker_replaced;
    case NoticeEvent::remark:
      break;
  }
  return LogEvent::notice;
}

// An output that fails for lack of memory is lost; the run and its exit code stay as they are.
template <class Work>
void or_without(Work work) noexcept {
  try {
    work();
  } catch (...) {
    say("repopipe: warning: out of memory for an output of the run\n", Priority::warning);
  }
}

// The variables of which the job file says that they hold a secret.
std::vector<std::string> variables_of(const LoadedJob& loaded) {
  std::vector<std::string> references = loaded.job.provider.tokens;
  references.push_back(loaded.job.execution.queue);
  std::vector<std::string> names{"CREDENTIALS_DIRECTORY"};
  for (const std::string& each : references) {
    if (each.starts_with(kVariable)) names.push_back(each.substr(kVariable.size()));
  }
  return names;
}

}  // namespace

RunOutputs::RunOutputs(const LoadedJob& loaded, const ProcessContext& around)
    : loaded_(loaded),
      around_(around),
      log_({.file = loaded.job.log.file,
            .as_json = loaded.job.log.format == LogFormat::json,
            .job = loaded.job.name},
           around.clock, [this](const std::string& line) { warn(LogEvent::output_failed, line); }),
      uid_(fresh_uid()),
      ping_(ping_options(loaded.job, around.environment),
            [this](const std::string& line) { warn(LogEvent::ping_failed, line); }) {}

void RunOutputs::begin(const RunStart& start, std::uint64_t users) {
  or_without([&] {
    uid_ = start.uid;
    ping_.start(uuid_of(uid_));
    log_.set_run(start.run_id);
    const std::string count = counted(users, "user", "users");
    if (start.resumed) {
      log_.add(LogEvent::run_resumed,
               fmt::format("the run of {} continues, {} of {} are done", start.started_at,
                           show(start.settled), count),
               {{"users", users}, {"users_done", start.settled}});
    } else {
      log_.add(LogEvent::run_started, fmt::format("the run begins: {}", count), {{"users", users}});
    }
  });
}

void RunOutputs::note(const Notice& notice, std::optional<WallTime> goes_on) {
  or_without([&] {
    const LogEvent event = event_of(notice);
    const Priority priority =
        notice.weight == Severity::warning ? Priority::warning : Priority::info;
    std::vector<LogField> fields;
    if (notice.cause) fields.push_back({"cause", std::string(name_of(*notice.cause))});
    if (goes_on) fields.push_back({"until", to_iso8601(*goes_on)});
    log_.add(event, priority, notice.text, fields);
  });
}

void RunOutputs::progress(const Progress& progress) {
  or_without([&] {
    log_.add(LogEvent::progress, progress_text(progress),
             {{"users", progress.total},
              {"users_done", progress.totals.users()},
              {"users_failed", progress.totals.failed},
              {"repos", progress.totals.repos_seen},
              {"requests", progress.run.requests}});
  });
}

void RunOutputs::continued() {
  or_without([&] { log_.add(LogEvent::continued, "the wait is over"); });
}

void RunOutputs::user_failed(const std::string& login, const std::string& error) {
  or_without([&] {
    {
      const Lock lock(mutex_);
      if (++failed_users_ > kMostFailedUsers) return;
    }
    log_.add(LogEvent::user_failed, error, {{"login", login}, {"error", error}});
  });
}

void RunOutputs::end(const Summary& summary, ExitCode exit_code) {
  or_without([&] {
    if (!log_.is_on()) return;
    const bool is_good = exit_code == ExitCode::complete;
    const std::string words = end_text(summary);
    log_.add(LogEvent::run_ended, is_good ? Priority::info : Priority::error,
             words.substr(0, words.find('\n')), {{"summary", JsonText{to_json(summary)}}});
  });
  or_without([&] {
    if (loaded_.job.ping.url.empty()) return;
    ping_.end(uuid_of(uid_), exit_code, without_secrets(end_text(summary) + counts_text(summary)));
  });
  or_without([&] { write_report(summary); });
  or_without([&] { write_metrics(summary, exit_code); });
  or_without([&] { call_hook(summary, exit_code); });
}

// A run that had not begun has no page, and leaves that of the last one.
void RunOutputs::write_report(const Summary& summary) {
  const Job::Report& report = loaded_.job.report;
  if (report.html.empty() || summary.database.empty() || !summary.began()) return;
  const NightChoice choice{.job = summary.job,
                           .run_id = summary.run_id,
                           .nights = static_cast<std::size_t>(report.nights)};
  const Status written =
      write_page(summary.database, choice, report.html, version(), around_.clock.wall());
  if (!written) warn(LogEvent::output_failed, "report.html: " + written.error().message);
}

void RunOutputs::write_metrics(const Summary& summary, ExitCode exit_code) {
  const std::filesystem::path& file = loaded_.job.metrics.textfile;
  if (file.empty()) return;
  const WallTime now = around_.clock.wall();
  const auto lasted =
      std::chrono::round<std::chrono::milliseconds>(around_.clock.now() - around_.start);
  const auto known = run_metrics(loaded_.job.store.database, summary.job, summary.shard);
  const MetricsEnd end{.job_name = summary.job,
                       .shard = summary.shard,
                       .version = std::string(version()),
                       .start = now - lasted,
                       .end = now,
                       .exit_code = static_cast<int>(exit_code),
                       .began = summary.began()};
  const std::string text = metrics_text(end, known ? std::optional(*known) : std::nullopt);
  const Status written = write_whole(file, without_secrets(text));
  if (!written) warn(LogEvent::output_failed, written.error().message);
}

void RunOutputs::call_hook(const Summary& summary, ExitCode exit_code) {
  const bool is_mistake = exit_code == ExitCode::usage || exit_code == ExitCode::bad_job;
  if (loaded_.job.hooks.after.empty() || is_mistake) return;
  const HookOptions options{.command = loaded_.job.hooks.after,
                            .timeout = loaded_.job.hooks.timeout,
                            .folder = loaded_.folder,
                            .hidden = variables_of(loaded_)};
  const Status done =
      run_hook(options,
               {{"REPOPIPE_EXIT_CODE", std::to_string(static_cast<int>(exit_code))},
                {"REPOPIPE_STATUS", std::string(status_of(summary))},
                {"REPOPIPE_ERROR", without_secrets(summary.end.error)},
                {"REPOPIPE_JOB", summary.job},
                {"REPOPIPE_RUN", summary.began() ? std::to_string(summary.run_id) : ""},
                {"REPOPIPE_UID", uid_},
                {"REPOPIPE_DATABASE", summary.database.string()}},
               without_secrets(to_json(summary)));
  if (!done) warn(LogEvent::output_failed, done.error().message);
}

void RunOutputs::warn(LogEvent event, const std::string& line) {
  say(fmt::format("repopipe: warning: {}\n", line), Priority::warning);
  log_.add(event, line);
}

}  // namespace repopipe
