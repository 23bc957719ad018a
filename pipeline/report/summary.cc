#include "pipeline/report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"

namespace repopipe {
namespace {

std::string show_time(Duration duration) {
  return show(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
}

using Json = nlohmann::ordered_json;

// "1,990 ok, 8 not found": the outcomes that occurred.
std::string show_outcomes(const RunTotals& totals) {
  std::string line;
  const auto add = [&line](std::uint64_t count, std::string_view name) {
    if (count > 0) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", show(count), name);
  };
  add(totals.ok, "ok");
  add(totals.unchanged, "unchanged");
  add(totals.renamed, "renamed");
  add(totals.not_found, "not found");
  add(totals.blocked, "blocked");
  add(totals.failed, "failed");
  return line.empty() ? "none" : line;
}

constexpr std::size_t kIndent = 9;

std::string line(std::string_view name, std::string_view text) {
  return fmt::format("  {:<6} {}\n", name, wrapped(text, kIndent));
}

// By the kind of failure, if its exit code has several remedies.
std::optional<std::string> advice_on_cause(const Summary& summary) {
  const auto is = [&summary](FailureKind kind) { return summary.end.cause == kind; };
  if (is(FailureKind::queue)) {
    return fmt::format(
        "check that Redis at {0} can be reached and has workers (repopipe worker --queue "
        "{0}); then run it again: stored users are not requested again",
        summary.queue);
  }
  if (is(FailureKind::displaced)) {
    return "put the former file back, or keep the current one; the next run lists "
           "every user that is not in the file. Do not move a database or its "
           "folder during a run";
  }
  if (summary.end.cause && !remedy_of(*summary.end.cause).empty()) {
    return std::string(remedy_of(*summary.end.cause));
  }
  if (is(FailureKind::proxy_login)) {
    return "correct user and password in the proxy variable; then run it again: stored users "
           "are not requested again";
  }
  if (is(FailureKind::retired)) {
    return "update repopipe; then run it again: stored users are not requested again";
  }
  return std::nullopt;
}

// The remedy for a run that failed; empty: none.
std::string advice_on(const Summary& summary) {
  if (auto advice = advice_on_cause(summary)) return *advice;
  switch (summary.end.exit_code) {
    case ExitCode::complete:
    case ExitCode::usage:
      return {};
    case ExitCode::incomplete:
      return "see the views failures and lost_users; the next run retries";
    case ExitCode::unreachable:
      return fmt::format(
          "check the network, the proxy and provider.base_url ({}); then run "
          "it again: stored users are not requested again",
          summary.base_url);
    case ExitCode::machine_limit:
      return "raise that limit, or lower fetch.concurrency; then run it again";
    case ExitCode::cannot_create:
    case ExitCode::database:
      return "check the disk and the file of store.database; then run it again: stored users are "
             "not requested again";
    case ExitCode::try_later:
    case ExitCode::interrupted:
    case ExitCode::terminated:
      return "run it again: it resumes this run";
    case ExitCode::no_token:
      return "put a valid token into provider.tokens; repopipe check --online checks each";
    case ExitCode::bad_job:
      return "correct this; repopipe check reports all errors of the job file";
    case ExitCode::internal:
      return "run it again; if it fails again, report this message";
  }
  return {};
}

// The users of the job.  Duplicate entries are known only at the end of a complete run.
std::uint64_t users_of_job(const Summary& summary) {
  const RunStatus status = summary.end.status;
  const bool is_over = status == RunStatus::complete || status == RunStatus::incomplete;
  return is_over ? summary.totals.users() : std::max(summary.users, summary.totals.users());
}

std::string users_line(const Summary& summary) {
  const std::uint64_t users = users_of_job(summary);
  const std::uint64_t left = users - summary.totals.users();
  const std::string words = show_outcomes(summary.totals);
  return fmt::format("{}: {}{}", show(users), words,
                     left == 0 ? "" : fmt::format(", {} left", show(left)));
}

// "3: 2 read, 1 failed".
std::string lists_line(const RunTotals& totals) {
  std::string text = fmt::format("{}: {} read", show(totals.lists),
                                 show(totals.lists - totals.lists_failed - totals.lists_not_found));
  if (totals.lists_not_found > 0)
    text += fmt::format(", {} not found", show(totals.lists_not_found));
  if (totals.lists_failed > 0) text += fmt::format(", {} failed", show(totals.lists_failed));
  return text;
}

Json failed_users(const Summary& summary) {
  Json users = Json::array();
  for (const FailedUser& user : summary.failed) {
    users.push_back({{"login", user.login}, {"error", user.error}});
  }
  return users;
}

Json users_by_outcome(const Summary& summary) {
  const RunTotals& totals = summary.totals;
  return {{"total", users_of_job(summary)}, {"ok", totals.ok},
          {"unchanged", totals.unchanged},  {"renamed", totals.renamed},
          {"not_found", totals.not_found},  {"blocked", totals.blocked},
          {"failed", totals.failed}};
}

Json stages_of(const RunTimes& times) {
  return {{"starting_s", seconds(times.starting)},     {"fetching_s", seconds(times.fetching)},
          {"processing_s", seconds(times.processing)}, {"waiting_s", seconds(times.waiting)},
          {"finishing_s", seconds(times.finishing)},   {"fetch_busy_s", seconds(times.fetch_busy)},
          {"parse_busy_s", seconds(times.parse_busy)}, {"store_busy_s", seconds(times.store_busy)},
          {"plan_busy_s", seconds(times.plan_busy)}};
}

}  // namespace

std::string to_text(const Summary& summary) {
  const RunTotals& totals = summary.totals;
  const RunTimes& times = summary.end.times;
  const std::string share = summary.shard.is_whole() ? "" : ", shard " + summary.shard.name();
  std::string text =
      fmt::format("{}{}: {} in {}{}\n", summary.job, share, name_of(summary.end.status),
                  show_time(times.wall()), summary.resumed ? ", resumed" : "");
  if (!summary.end.error.empty()) text += line("why", summary.end.error);
  if (const std::string advice = advice_on(summary); !advice.empty()) text += line("do", advice);
  text += line("users", users_line(summary));
  if (totals.lists > 0) text += line("lists", lists_line(totals));
  for (const FailedUser& user : summary.failed) text += line("failed", user.error);
  const std::uint64_t failed = totals.failed + totals.lists_failed;
  if (failed > summary.failed.size()) {
    text += fmt::format("  failed {} more: SELECT * FROM failures\n",
                        show(failed - summary.failed.size()));
  }
  text += fmt::format("  repos  {} seen, {} new, {} changed, {} gone\n", show(totals.repos_seen),
                      show(totals.repos_new), show(totals.repos_changed), show(totals.repos_gone));
  const std::string unmodified =
      totals.not_modified == 0 ? "" : fmt::format(" ({} not modified)", show(totals.not_modified));
  text += fmt::format("  http   {} requests{}, {}\n", show(totals.requests), unmodified,
                      show(Bytes{totals.bytes}));
  text += fmt::format("  time   {} fetching, {} storing, {} waiting\n", show_time(times.fetching),
                      show_time(times.store_busy), show_time(times.waiting));
  if (summary.database.empty()) return text;
  text += fmt::format("  stored in {} (run {})\n", summary.database.string(), summary.run_id);
  return text;
}

std::string to_json(const Summary& summary) {
  const RunTotals& totals = summary.totals;
  const RunTimes& times = summary.end.times;
  const Json json{{"job", summary.job},
                  {"shard", summary.shard.is_whole() ? Json() : Json(summary.shard.name())},
                  {"run_id", summary.run_id},
                  {"status", name_of(summary.end.status)},
                  {"exit_code", static_cast<int>(summary.end.exit_code)},
                  {"error", summary.end.error.empty() ? Json() : Json(summary.end.error)},
                  {"resumed", summary.resumed},
                  {"database", summary.database.empty() ? Json() : Json(summary.database.string())},
                  {"users", users_by_outcome(summary)},
                  {"lists",
                   {{"total", totals.lists},
                    {"not_found", totals.lists_not_found},
                    {"failed", totals.lists_failed}}},
                  {"failed_users", failed_users(summary)},
                  {"repos",
                   {{"seen", totals.repos_seen},
                    {"new", totals.repos_new},
                    {"changed", totals.repos_changed},
                    {"gone", totals.repos_gone}}},
                  {"requests", totals.requests},
                  {"not_modified", totals.not_modified},
                  {"bytes", totals.bytes},
                  {"wall_s", seconds(times.wall())},
                  {"stages", stages_of(summary.end.times)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace repopipe
