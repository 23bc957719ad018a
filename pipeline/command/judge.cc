#include "pipeline/command/judge.h"

#include <fmt/format.h>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {
namespace {

void make_incomplete(RunEnd& end, const std::string& why) {
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

// Of users that a run before has listed, and that are refused since.
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
  if (listed == 0 && totals.users() > 0) {
    end.error.clear();
    make_incomplete(end, why_nobody(job, totals, judged));
  } else if (totals.blocked_new > 0 &&
             failed > job.run.fail_ratio * static_cast<double>(totals.users())) {
    end.error.clear();
    make_incomplete(end, why_refused(totals, judged));
  }
}

Gone judge_missing(const Vanishing& vanishing, const Job& job, RunEnd& end) {
  const auto mistake = too_many_vanished(vanishing, job.run.max_vanished);
  if (!mistake) return Gone::mark;
  make_incomplete(end, *mistake);
  return Gone::leave;
}

}  // namespace

Marks judge(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end) {
  if (end.status != RunStatus::complete && end.status != RunStatus::incomplete) {
    return {Gone::leave, Gone::leave};
  }
  judge_users(job, totals, judged, end);
  const Marks marks{
      judge_missing({"users", totals.known, totals.vanished}, job, end),
      judge_missing({"repositories", totals.known_repos, totals.missing_repos}, job, end)};
  if (marks.accounts == Gone::leave || marks.repos == Gone::leave) {
    end.error += fmt::format(
        ". Do provider.base_url and the tokens still see them? If they are gone: repopipe run {} "
        "--set run.max_vanished=1",
        judged.job_file);
  }
  return marks;
}

}  // namespace repopipe
