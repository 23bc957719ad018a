#include "pipeline/report/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "pipeline/base/text.h"
#include "pipeline/report/figures.h"

namespace repopipe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTextAt = 11;

std::string status_line(std::string_view name, std::string_view text) {
  return fmt::format("  {:<8} {}\n", name, wrapped(text, kTextAt));
}

std::string moment_of(const std::string& iso8601) {
  const auto time = parse_iso8601(iso8601);
  return time ? show_moment(*time) : shown_line(iso8601);
}

std::string age(const std::string& iso8601, WallTime now) {
  const auto time = parse_iso8601(iso8601);
  return show_rounded(time && *time < now ? now - *time : std::chrono::milliseconds(0));
}

// "6,212 of about 20,000 users, 3 failed".
std::string progress_of(const UnsettledRun& open, const DatabaseStatus& status) {
  std::string text = show(open.settled);
  if (status.usual && *status.usual >= open.settled) {
    text += fmt::format(" of about {}", show(*status.usual));
  }
  text += open.settled == 1 && !status.usual ? " user" : " users";
  if (open.failed > 0) text += fmt::format(", {} failed", show(open.failed));
  return text;
}

std::string name_of_run(const RunRecord& run) {
  return run.shard.empty() ? fmt::format("run {}", run.run_id)
                           : fmt::format("run {} (shard {})", run.run_id, shown_line(run.shard));
}

std::string now_line(const DatabaseStatus& status, WallTime now) {
  if (status.running) {
    const RunRecord& run = status.running->run;
    return fmt::format("{} runs since {}, for {}: {}", name_of_run(run), moment_of(run.started_at),
                       age(run.started_at, now), progress_of(*status.running, status));
  }
  if (!status.holder.empty()) {
    return fmt::format("{} uses it: a merge, or a run that begins or ends", status.holder);
  }
  return status.unfinished.empty() ? "nothing runs, nothing is unfinished" : "nothing runs";
}

std::string unfinished_line(const UnsettledRun& open, const DatabaseStatus& status) {
  const bool was_killed = open.run.status == "running";
  return fmt::format("{}, {}, begun {}: {}", name_of_run(open.run),
                     was_killed ? "killed" : open.run.status, moment_of(open.run.started_at),
                     progress_of(open, status));
}

std::string last_line(const RunRecord& run, WallTime now) {
  const auto begun = parse_iso8601(run.started_at);
  if (!begun) return name_of_run(run);
  return fmt::format("{}, {}, {} {} {}, {} ago", name_of_run(run), shown_line(run.status),
                     show_date(*begun), show_time_of_day(*begun), show_zone(*begun),
                     age(run.started_at, now));
}

std::string head(const DatabaseStatus& status, WallTime now) {
  std::string text = fmt::format("{}  {}\n", shown_line(status.job.empty() ? "-" : status.job),
                                 shown_line(status.database.string(), 5000));
  if (!status.exists) return text + status_line("holds", "nothing: no run has written to it yet");
  text += status_line(
      "holds",
      fmt::format("{} of {}, {}", counted(status.repositories, "repository", "repositories"),
                  counted(status.users, "user", "users"), show(Bytes{status.bytes})));
  text += status_line("now", now_line(status, now));
  for (const UnsettledRun& open : status.unfinished)
    text += status_line("open", unfinished_line(open, status));
  text += status_line("last",
                      status.runs.empty() ? "no run of this job" : last_line(status.runs[0], now));
  return text;
}

// The table of runs.

enum class Numbers { whole, brief };
using Cells = std::vector<std::string>;

// In brief tables a time has one unit, and `not listed` is one word.
const Cells kHeads{"run",        "night", "status", "time",     "users",
                   "not listed", "new",   "gone",   "requests", "free"};
constexpr std::size_t kLeftFrom = 1, kLeftTo = 3;  // columns that are aligned to the left

std::string number(std::uint64_t count, Numbers numbers) {
  return numbers == Numbers::whole ? show(count) : show_short(count);
}

std::string time_of(const RunRecord& run, Numbers numbers) {
  const std::chrono::duration<double, std::milli> time(run.wall_ms);
  return numbers == Numbers::whole
             ? show_brief(run.wall_ms)
             : show_rounded(std::chrono::round<std::chrono::microseconds>(time));
}

Cells cells_of(const RunRecord& run, Numbers numbers) {
  const RunTotals& totals = run.totals;
  const auto if_finished = [&](std::uint64_t count) {
    return run.is_finished() ? number(count, numbers) : "-";
  };
  const bool is_over = !run.finished_at.empty();
  return {std::to_string(run.run_id),
          moment_of(run.started_at),
          shown_line(run.status),
          is_over ? time_of(run, numbers) : "-",
          is_over ? number(totals.users(), numbers) : "-",
          if_finished(totals.not_found + totals.blocked + totals.failed),
          if_finished(totals.repos_new),
          if_finished(totals.repos_gone),
          is_over ? number(totals.requests, numbers) : "-",
          is_over ? show_share(totals.not_modified, totals.requests) : "-"};
}

std::vector<Cells> rows_of(const std::vector<RunRecord>& runs, Numbers numbers) {
  std::vector<Cells> rows{kHeads};
  if (numbers == Numbers::brief) *std::ranges::find(rows[0], "not listed") = "unlisted";
  for (const RunRecord& run : runs) rows.push_back(cells_of(run, numbers));
  return rows;
}

std::vector<std::size_t> widths_of(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(kHeads.size());
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], count_characters(row[i]));
    }
  }
  return widths;
}

constexpr std::size_t kTableWidth = 80;

// How wide the table is, with its indentation of one.
std::size_t width_of(const std::vector<std::size_t>& widths, std::size_t gap) {
  std::size_t sum = 1;
  for (const std::size_t width : widths) sum += width + gap;
  return sum - gap;
}

std::string row_text(const Cells& row, const std::vector<std::size_t>& widths, std::size_t gap) {
  std::string text = " ";
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string blanks(widths[i] - count_characters(row[i]), ' ');
    const bool is_left = i >= kLeftFrom && i < kLeftTo;
    text += is_left ? row[i] + blanks : blanks + row[i];
    if (i + 1 < row.size()) text += std::string(gap, ' ');
  }
  return text + '\n';
}

std::string cause_of(const RunRecord& run, const DatabaseStatus& status) {
  if (run.status == "complete") return {};
  const bool runs = status.running && status.running->run.run_id == run.run_id;
  if (runs) return "runs now";
  if (!run.error.empty()) return shown_line(run.error, 500);
  return run.status == "running" ? "killed, or the machine stopped" : "";
}

std::string table_of(const DatabaseStatus& status) {
  std::vector<Cells> rows = rows_of(status.runs, Numbers::whole);
  std::size_t gap = 2;
  while (gap > 1 && width_of(widths_of(rows), gap) > kTableWidth) gap -= 1;
  if (width_of(widths_of(rows), gap) > kTableWidth) rows = rows_of(status.runs, Numbers::brief);
  while (width_of(widths_of(rows), gap) > kTableWidth && rows.front().size() > 3) {
    for (Cells& row : rows) row.pop_back();
  }
  auto widths = widths_of(rows);
  std::string text = row_text(rows.front(), widths, gap);
  for (std::size_t i = 0; i < status.runs.size(); ++i) {
    text += row_text(rows[i + 1], widths, gap);
    const std::string cause = cause_of(status.runs[i], status);
    constexpr std::size_t kCauseAt = 7;
    if (!cause.empty()) text += std::string(kCauseAt, ' ') + wrapped(cause, kCauseAt) + '\n';
  }
  return text;
}

}  // namespace

std::string to_text(std::span<const DatabaseStatus> all, WallTime now) {
  std::string text;
  for (const DatabaseStatus& status : all) {
    if (!text.empty()) text += '\n';
    text += head(status, now);
    if (!status.runs.empty()) text += '\n' + table_of(status);
  }
  return text;
}

namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json users_of(const RunTotals& totals) {
  return {{"total", totals.users()},       {"ok", totals.ok},
          {"unchanged", totals.unchanged}, {"renamed", totals.renamed},
          {"not_found", totals.not_found}, {"blocked", totals.blocked},
          {"failed", totals.failed}};
}

Json json_of(const RunRecord& run) {
  const RunTotals& totals = run.totals;
  return {{"run_id", run.run_id},
          {"shard", text_or_null(run.shard)},
          {"status", run.status},
          {"exit_code", run.exit_code ? Json(*run.exit_code) : Json()},
          {"error", text_or_null(run.error)},
          {"started_at", run.started_at},
          {"finished_at", text_or_null(run.finished_at)},
          {"wall_s", run.wall_ms / 1000},
          {"users", users_of(totals)},
          {"repos",
           {{"seen", totals.repos_seen},
            {"new", totals.repos_new},
            {"changed", totals.repos_changed},
            {"gone", totals.repos_gone}}},
          {"requests", totals.requests},
          {"not_modified", totals.not_modified},
          {"bytes", totals.bytes}};
}

Json json_of(const UnsettledRun& open) {
  return {{"run_id", open.run.run_id},     {"shard", text_or_null(open.run.shard)},
          {"status", open.run.status},     {"started_at", open.run.started_at},
          {"users_settled", open.settled}, {"users_failed", open.failed}};
}

Json json_of(const DatabaseStatus& status) {
  Json unfinished = Json::array(), runs = Json::array();
  for (const UnsettledRun& open : status.unfinished) unfinished.push_back(json_of(open));
  for (const RunRecord& run : status.runs) runs.push_back(json_of(run));
  return {{"database", status.database.string()},
          {"job", text_or_null(status.job)},
          {"bytes", status.bytes},
          {"repositories", status.repositories},
          {"users", status.users},
          {"holder", text_or_null(status.holder)},
          {"running", status.running ? json_of(*status.running) : Json()},
          {"unfinished", std::move(unfinished)},
          {"last_complete", text_or_null(status.last_complete)},
          {"runs", std::move(runs)}};
}

}  // namespace

std::string to_json(std::span<const DatabaseStatus> all) {
  Json list = Json::array();
  for (const DatabaseStatus& status : all) list.push_back(json_of(status));
  return list.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string complaint_about_age(const DatabaseStatus& status, std::chrono::milliseconds max_age,
                                WallTime now) {
  const auto ended = parse_iso8601(status.last_complete);
  const std::string job = shown_line(status.job.empty() ? status.database.string() : status.job);
  if (!ended) return fmt::format("{}: there is no complete run", job);
  if (now - *ended <= max_age) return {};
  return fmt::format("{}: the last complete run ended {}, {} ago; --max-age allows {}", job,
                     show_moment(*ended), show_rounded(now - *ended), show_rounded(max_age));
}

}  // namespace repopipe
