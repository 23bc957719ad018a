// The end of a run: judges its totals and writes its row, see close_run.
#include <fmt/format.h>

#include "pipeline/base/units.h"
#include "pipeline/command/run/open_run.h"
#include "pipeline/model/run.h"
#include "pipeline/workers/executors.h"
#include "storage/store/missing_repos.h"

namespace repopipe {
namespace {

// Other inputs of the judgement.
struct Judged {
  std::string first_error;  // of the users without a list; empty: all have one
};

void make_incomplete(RunEnd& end, StopReason reason, const std::string& why) {
  end.reason = reason;
  end.status = RunStatus::incomplete;
  end.exit_code = ExitCode::incomplete;
  end.error = end.error.empty() ? why : end.error + "; " + why;
}

std::string why_nobody(const Job& job, const RunTotals& totals, const Judged& judged) {
  if (totals.not_found == totals.users()) {
    return fmt::format(
        "none of {} {} was found: is provider.base_url ({}) the API, and is the list of usernames "
        "right?",
        show(totals.users()), totals.users() == 1 ? "user" : "users", job.provider.base_url);
  }
  return fmt::format("none of {} {} was listed: {}", show(totals.users()),
                     totals.users() == 1 ? "user" : "users",
                     judged.first_error.empty() ? "see the view failures" : judged.first_error);
}

// About users that an earlier run listed and that are refused now.
std::string why_refused(const RunTotals& totals, const Judged& judged) {
  const std::uint64_t failed = totals.failed + totals.blocked_new;
  return fmt::format(
      "{} of {} users failed, more than run.fail_ratio allows; {} of them were listed before and "
      "are refused now: {}",
      show(failed), show(totals.users()), show(totals.blocked_new), judged.first_error);
}

void judge_users(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end) {
  const std::uint64_t listed = totals.ok + totals.unchanged + totals.renamed;
  const auto failed = static_cast<double>(totals.failed + totals.blocked_new);
  if (totals.users() == 0 && totals.lists_not_found > 0) {
    make_incomplete(end, StopReason::list_failed, "no user is known: " + judged.first_error);
  } else if (listed == 0 && totals.users() > 0) {
    end.error.clear();
    make_incomplete(end, StopReason::nobody_listed, why_nobody(job, totals, judged));
  } else if (totals.blocked_new > 0 &&
             failed > job.run.fail_ratio * static_cast<double>(totals.users())) {
    end.error.clear();
    make_incomplete(end, StopReason::users_failed, why_refused(totals, judged));
  }
}

Gone judge_missing(const Vanishing& vanishing, const Job& job, RunEnd& end) {
  const auto mistake = too_many_vanished(vanishing, job.run.max_vanished);
  if (!mistake) return Gone::mark;
  make_incomplete(end, StopReason::users_vanished, *mistake);
  return Gone::leave;
}

// Returns what may be marked as gone.  Sets `end` to incomplete, with the reason, if too many
// records are missing, if users that were listed before are refused now, or if no user was listed.
// If the run did not finish, `end` stays and nothing is marked.
Marks judge(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end) {
  if (end.status != RunStatus::complete && end.status != RunStatus::incomplete) {
    return {Gone::leave, Gone::leave};
  }
  judge_users(job, totals, judged, end);
  const Marks marks{
      judge_missing({"users", totals.known, totals.vanished}, job, end),
      judge_missing({"repositories", totals.known_repos, totals.missing_repos}, job, end)};
  return marks;
}

void make_failed(RunEnd& end, const Failure& failure) {
  end.status = RunStatus::failed;
  end.exit_code = policy_of(failure.kind).exit_code;
  end.error = failure.message;
  end.cause = failure.kind;
  end.reason.reset();
}

}  // namespace

std::string queue_of(const Job& job, const Environment& environment) {
  if (job.execution.queue.empty()) return {};
  const auto address = resolve_queue(job.execution.queue, environment, "execution.queue");
  return address ? address->shown() : std::string();
}

Result<Summary> close_run(const LoadedJob& loaded, const RunOptions& options, OpenRun& run,
                          FileWatch& watch, RunEnd end, const ProcessContext& around) {
  const Duration told = end.times.wall();
  end.times.finishing += around.clock.now() - around.start - told;
  RunTable run_table(run.database, run.resources);
  const Status whole = watch.check();
  // After damage to the file, other failures of the database are only symptoms.
  const auto failed_by = [&whole](const Failure& failure) {
    return fail(whole ? failure : whole.error());
  };
  const auto totals = run_table.totals(run.start.run_id);
  if (!totals) return failed_by(totals.error());
  const auto first_error = run_table.first_error(run.start.run_id);
  if (!first_error) return failed_by(first_error.error());
  const Marks marks = judge(loaded.job, *totals, {*first_error}, end);
  const auto written = whole ? run_table.finish(run.start.run_id, end, marks, around.clock.wall())
                             : fail(whole.error());
  if (!written && (!whole || end.exit_code != ExitCode::database)) {
    make_failed(end, written.error());
  }
  auto failed = run_table.failed_users(run.start.run_id, kFailedShown);
  if (!failed) return failed_by(failed.error());
  return Summary{.job = loaded.job.name,
                 .job_file = options.job.string(),
                 .shard = options.shard,
                 .base_url = loaded.job.provider.base_url,
                 .queue = queue_of(loaded.job, around.environment),
                 .database = whole ? loaded.job.store.database : std::filesystem::path(),
                 .users = loaded.users.count,
                 .run_id = run.start.run_id,
                 .resumed = run.start.resumed,
                 .end = end,
                 .totals = written ? *written : *totals,
                 .failed = std::move(*failed)};
}

Summary checked_at_end(Summary summary, FileWatch& watch) {
  if (summary.end.exit_code == ExitCode::database) return summary;
  if (const auto whole = watch.check_end(); !whole) {
    make_failed(summary.end, whole.error());
    summary.database.clear();
  }
  return summary;
}

}  // namespace repopipe
