#include "pipeline/report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/report/ends.h"
#include "pipeline/report/figures.h"

namespace repopipe {
namespace {

std::string show_time(Duration duration) {
  return show(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
}

using Json = nlohmann::ordered_json;

// ", shard 2/3", or empty.
std::string share_of(const Summary& summary) {
  return summary.shard.is_whole() ? "" : ", shard " + summary.shard.name();
}

constexpr std::size_t kIndent = 9;

std::string line(std::string_view name, std::string_view text) {
  return fmt::format("  {:<6} {}\n", name, wrapped(text, kIndent));
}

// The first lines of a run that did not complete.
std::string lines_of_end(const Summary& summary) {
  std::string text =
      first_line(summary.job + share_of(summary), summary.end, summary.began()) + "\n";
  const std::string action =
      action_of(row_of(summary.end), {summary.job_file, summary.base_url, summary.queue});
  if (!action.empty()) text += line("do", action);
  return text;
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

namespace {

// The first time it also says which keys of the job file decide.
std::string removed_line(const RemovedRows& removed) {
  if (removed.requests + removed.users == 0) return {};
  const std::string text = fmt::format("{} old rows of requests and {} of users were removed",
                                       show(removed.requests), show(removed.users));
  const std::string_view keys =
      removed.is_first ? "; store.keep_requests and store.keep_users say how long rows are kept"
                       : "";
  return line("log", text + std::string(keys));
}

}  // namespace

std::string counts_text(const Summary& summary) {
  if (!summary.began()) return {};
  const RunTotals& totals = summary.totals;
  std::string text = line("users", users_line(summary));
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
  text += fmt::format("  http   {}{}, {}\n", counted(totals.requests, "request", "requests"),
                      unmodified, show(Bytes{totals.bytes}));
  const RunTimes& times = summary.end.times;
  text +=
      fmt::format("  time   {}: {} fetching, {} storing, {} waiting\n", show_time(times.wall()),
                  show_time(times.fetching), show_time(times.store_busy), show_time(times.waiting));
  text += removed_line(summary.removed);
  if (summary.database.empty()) return text;
  text += fmt::format("  stored in {} (run {}{})\n", summary.database.string(), summary.run_id,
                      summary.resumed ? ", resumed" : "");
  return text;
}

std::string end_text(const Summary& summary) {
  if (summary.end.exit_code != ExitCode::complete) return lines_of_end(summary);
  return fmt::format("{}{}: complete in {}\n", summary.job, share_of(summary),
                     show_time(summary.end.times.wall()));
}

std::string_view status_of(const Summary& summary) {
  return summary.began() ? name_of(summary.end.status) : "not_started";
}

std::string to_json(const Summary& summary) {
  const RunTotals& totals = summary.totals;
  const RunTimes& times = summary.end.times;
  const Json json{
      {"job", summary.job},
      {"shard", summary.shard.is_whole() ? Json() : Json(summary.shard.name())},
      {"run_id", summary.began() ? Json(summary.run_id) : Json()},
      {"status", status_of(summary)},
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
      {"removed", {{"requests", summary.removed.requests}, {"users", summary.removed.users}}},
      {"wall_s", seconds(times.wall())},
      {"stages", stages_of(summary.end.times)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace repopipe
