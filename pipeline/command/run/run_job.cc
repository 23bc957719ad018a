#include "pipeline/command/run/run_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/command/credentials.h"
#include "pipeline/command/run/open_run.h"
#include "pipeline/command/run/run_display.h"
#include "pipeline/command/signals.h"
#include "pipeline/report/figures.h"
#include "pipeline/report/monitor.h"
#include "pipeline/report/progress.h"
#include "pipeline/run/run_graph.h"
#include "pipeline/source/subject_source.h"
#include "pipeline/workers/executors.h"
#include "stages/parse/rest.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/checkpointer.h"
#include "storage/store/resume_filter.h"
#include "storage/store/run_log.h"
#include "storage/store/sqlite_store.h"
#include "storage/upkeep/retention.h"

namespace repopipe {
namespace {

using Notifier = std::function<void(const Notice&, std::optional<WallTime>)>;

// Prints and logs the message at once.
Notifier speaker(const RunView& view, const Clock& clock) {
  return [view, &clock](const Notice& word, std::optional<WallTime> goes_on) {
    view.outputs.note(word, goes_on);
    const std::string line = words_of(word, goes_on, clock.wall(), view.verbosity);
    if (line.empty()) return;
    say(line, word.weight == Severity::warning ? Priority::warning : Priority::info);
  };
}

Remark remarks_of(const Notifier& notify) {
  return [notify](const std::string& line) { notify({Severity::remark, line}, {}); };
}

void tell_stop(int signal, const Job& job) {
  const std::string what =
      fmt::format("the requests in flight, in at most {}", show(job.fetch.timeout));
  say(fmt::format("repopipe: {}\n", words_of_stop(signal, what)));
}

// The tokens of a run and their principals.
struct Credentials {
  std::vector<std::string> tokens;
  std::vector<Principal> principals;
};

// Commands have their own time limit, within that of the run.
Result<Credentials> read_tokens(const Job& job, const Notifier& notify,
                                const ProcessContext& around) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<milliseconds>(around.start + job.run.deadline -
                                                             around.clock.now());
  TokenPlace place{.within = job.provider.command_timeout};
  if (left < place.within) {
    place.within = std::max(left, milliseconds(0));
    place.limit = "run.deadline";
  }
  place.told = [notify](const std::string& line) { notify({Severity::remark, line}, {}); };
  auto tokens = resolve_tokens(job.provider.tokens, around.environment, place);
  if (!tokens) return fail(tokens.error());
  auto principals = principals_of(job.provider.tokens, *tokens);
  for (Principal& each : principals) each.transforms = word_of(job.transforms);
  return Credentials{std::move(*tokens), std::move(principals)};
}

Result<std::unique_ptr<Executor>> open_executor(const Job& job, const Credentials& credentials,
                                                const Notifier& notify,
                                                const ProcessContext& around) {
  const auto warn = [notify](const std::string& line) { notify({Severity::warning, line}, {}); };
  const auto replaced = [notify](const std::string& line) {
    notify({.weight = Severity::warning, .text = line, .event = NoticeEvent::worker_replaced}, {});
  };
  return executor_of(job).open(job, {version(), credentials.tokens, credentials.principals,
                                     around.environment, around.clock, warn, replaced});
}

// The display shows waits itself.
Notifier wait_shown_on(const RunView& view, const Notifier& notify) {
  return [view, notify](const Notice& word, std::optional<WallTime> goes_on) {
    if (word.is_again) return;
    const bool is_wait = goes_on && word.weight == Severity::remark;
    if (is_wait && view.progress == ProgressShown::yes) {
      view.outputs.note(word, goes_on);
    } else {
      notify(word, goes_on);
    }
  };
}

// The users of the job; if an unfinished run was abandoned, those that it did not reach come first.
class JobUsers {
 public:
  JobUsers(const LoadedJob& loaded, Shard shard)
      : logins_(loaded.users), again_(loaded.users), share_(logins_, shard), rest_(again_, shard) {}
  JobUsers(const JobUsers&) = delete;
  JobUsers& operator=(const JobUsers&) = delete;

  void begin_with_left_over(Database reader, std::int64_t old_run) {
    ordered_.emplace(share_, rest_, std::move(reader), old_run);
  }
  SubjectSource& keys() {
    if (ordered_) return *ordered_;
    return share_;
  }

 private:
  UsernameReader logins_;
  UsernameReader again_;
  ShardFilter share_;
  ShardFilter rest_;
  std::optional<LeftOverFirst> ordered_;
};

Result<std::unique_ptr<JobUsers>> users_of(const LoadedJob& loaded, Shard shard,
                                           const RunStart& start) {
  auto users = std::make_unique<JobUsers>(loaded, shard);
  if (!start.after) return users;
  auto reader = open_reader(loaded.job.store.database);
  if (!reader) return fail(reader.error());
  users->begin_with_left_over(std::move(*reader), *start.after);
  return users;
}

// Requests of earlier runs count against the limits per minute.
Status remember_requests(LimitOptions& limits, Database& database, const Clock& clock) {
  const RateLimits& pace = limits.pace;
  if (pace.requests_per_minute == 0 && pace.response_per_minute == Duration::zero()) return {};
  const std::size_t most = std::max<std::size_t>(1000, 2 * pace.requests_per_minute);
  const auto sent = recent_requests(database, clock.wall(), pace.minute, most);
  if (!sent) return fail(sent.error());
  const Time now = clock.now();
  for (const auto& [age, response] : *sent) limits.recent.push_back({now - age, response});
  return {};
}

// From the open run to its end.  All threads and queues are local to this function.
Result<RunEnd> carry_out(const LoadedJob& loaded, Shard shard, OpenRun& run, FileWatch& watch,
                         const Provider& provider, const Credentials& credentials,
                         Executor& executor, const RunView& view, const Notifier& notify,
                         RunStop& stop, const ProcessContext& around) {
  const Job& job = loaded.job;
  auto reader = open_reader(job.store.database);
  if (!reader) return fail(reader.error());
  auto store = SqliteStore::open(run.database, run.start.run_id, provider.resources, around.clock,
                                 job.run.max_vanished);
  if (!store) return fail(store.error());
  const RestProtocol protocol(provider, {job.provider.base_url, job.provider.per_page});
  const auto users = users_of(loaded, shard, run.start);
  if (!users) return fail(users.error());
  ResumeFilter keys((*users)->keys(), std::move(*reader), run.start.run_id, provider.resources);
  PlacedStore placed(**store, watch);
  CountingStore counting(placed, run.before, [&view](const auto& login, const auto& error) {
    view.outputs.user_failed(login, error);
  });
  PlanOptions options = plan_options(job, credentials.principals, run.before, around.start);
  if (auto read = remember_requests(options.limits, run.database, around.clock); !read) {
    return fail(read.error());
  }
  Plan plan(options, protocol, around.start);
  Monitor monitor(counting, monitor_options(loaded, run, view, executor, around), around.clock);
  RunGraph graph({plan, keys, executor, counting, around.clock, wait_shown_on(view, notify),
                  [&monitor](RunProgress progress) { monitor.tell(std::move(progress)); }});
  const Watched watched(monitor, graph, around.signals);
  return stop.run(graph);
}

// A component that cannot be created, for example for lack of threads, fails the run.
template <class Work>
Result<RunEnd> carry_out_or_fail(Work work) {
  try {
    return work();
  } catch (...) {
    return fail(caught());
  }
}

// At most ten seconds.  A failure is a warning.
RemovedRows remove_old_rows(const Job& job, OpenRun& run, FileWatch& file, const RunStop& stop,
                            const Clock& clock, const Notifier& notify) {
  const Time end = clock.now() + std::chrono::seconds(10);
  const RowRemoval::Hooks hooks{.stops = [&] { return clock.now() >= end || stop.was_asked(); },
                                .check = [&file] { return file.check(); }};
  RemovedRows removed;
  Status done;
  try {
    const Retention retention{job.store.keep_requests, job.store.keep_users, job.name};
    RowRemoval removal(run.database, retention, clock.wall());
    const auto rows = removal.run(hooks);
    if (rows) removed = *rows;
    constexpr double kManyFreePages = 0.25;  // fewer of them are soon used again
    done = rows ? removal.give_back_pages(kManyFreePages, hooks) : fail(rows.error());
  } catch (...) {
    done = fail(caught());
  }
  if (!done) {
    notify({Severity::warning, "old rows could not be removed: " + done.error().message}, {});
  }
  return removed;
}

void tell_resumption(const RunStart& start, std::uint64_t users, const Notifier& notify) {
  if (start.resumed) notify({Severity::remark, "resumes " + words_of_resumption(start, users)}, {});
  if (!start.job_changed) return;
  notify({Severity::warning,
          "the job has changed since the unfinished run; --fresh starts a new run instead"},
         {});
}

// Without the display and without --quiet: what has begun.
void tell_begin(const LoadedJob& loaded, const RunStart& start, const RunView& view) {
  if (view.progress == ProgressShown::yes || view.verbosity == Verbosity::warnings) return;
  if (start.resumed) return;
  const std::size_t tokens = loaded.job.provider.tokens.size();
  say(fmt::format("{}: run {} begins: {}, {}, {}\n", loaded.job.name, start.run_id,
                  counted(loaded.users.count, "user", "users"),
                  tokens == 0 ? "no token" : counted(tokens, "token", "tokens"),
                  counted(static_cast<std::uint64_t>(work_settings(loaded.job).concurrency),
                          "request at a time", "requests at a time")));
}

// Tells that the run has its row in the database.
void tell_start(const LoadedJob& loaded, const RunStart& start, const RunView& view,
                const Notifier& notify) {
  view.outputs.begin(start, loaded.users.count);
  tell_begin(loaded, start, view);
  tell_resumption(start, loaded.users.count, notify);
}

}  // namespace

Result<Summary> run_job(const LoadedJob& loaded, const RunOptions& options, const RunView& view,
                        const ProcessContext& around) {
  const Job& job = loaded.job;
  const Provider* provider = find_provider(job.provider.kind);
  if (provider == nullptr) return fail(FailureKind::internal, "no provider " + job.provider.kind);
  const Notifier notify = speaker(view, around.clock);
  // Destroyed last, after all connections.
  auto lock = take_lock(job, around.clock, around.start, remarks_of(notify));
  if (!lock) return fail(lock.error());
  const auto credentials = read_tokens(job, notify, around);
  if (!credentials) return fail(credentials.error());
  // Threads and processes start while the database is opened.
  auto executor = open_executor(job, *credentials, notify, around);
  if (!executor) return fail(executor.error());
  auto run = open_run(loaded, options, provider->resources, around.clock, remarks_of(notify));
  if (!run) return fail(run.error());
  // From here on a signal ends the run in an orderly way.  Before, while other processes hold the
  // database, it ends the program.
  RunStop stop(around.signals, [&](int signal) { tell_stop(signal, job); });
  tell_start(loaded, run->start, view, notify);
  auto watch = FileWatch::begin(run->database, *lock);
  if (!watch) return fail(watch.error());
  FileWatch& file = **watch;
  std::optional<Checkpointer> checkpointer(std::in_place, run->database,
                                           [&file] { return file.may_move_log(); });
  const auto last_resort = end_whatever_hangs(around.start + job.run.deadline);
  const auto end = carry_out_or_fail([&] {
    return carry_out(loaded, options.shard, *run, file, *provider, *credentials, **executor, view,
                     notify, stop, around);
  });
  if (!end) return fail(end.error());
  if (!file.is_lost()) checkpointer->move_the_rest();
  executor->reset();  // while the database closes
  auto summary = close_run(loaded, options, *run, file, *end, around);
  const bool removes = summary && summary->end.exit_code != ExitCode::database && !stop.was_asked();
  if (removes) summary->removed = remove_old_rows(job, *run, file, stop, around.clock, notify);
  if (file.is_lost()) checkpointer->leave_log();
  checkpointer.reset();
  if (!summary) return summary;
  return checked_at_end(std::move(*summary), file);
}

}  // namespace repopipe
