#include "storage/query/night_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/query/night_parts.h"
#include "storage/query/snapshot.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {
namespace {

constexpr std::int64_t kVersionWithTotals = 6;  // run_requests
constexpr std::size_t kMostBefore = 28;

// Of the same share of the job as the run.
std::string up_to(const RunRecord& run, std::string_view and_before) {
  std::string shard = run.shard;
  for (std::size_t at = 0; (at = shard.find('\'', at)) != shard.npos; at += 2)
    shard.insert(at, 1, '\'');
  return fmt::format("shard IS {} AND ordinal {} {}",
                     shard.empty() ? "NULL" : fmt::format("'{}'", shard), and_before, run.ordinal);
}

Status find_night(Database& database, const NightChoice& choice, NightReport& report) {
  const std::optional<std::string_view> job = choice.job.empty() || choice.run_id
                                                  ? std::nullopt
                                                  : std::optional<std::string_view>(choice.job);
  const auto condition =
      choice.run_id ? fmt::format("id = {}", *choice.run_id) : std::string(kAnyRun);
  auto runs = runs_where(database, condition, job, 1);
  if (!runs) return fail(runs.error());
  if (!runs->empty()) {
    report.night = std::move(runs->front());
    return {};
  }
  const std::string path = database.path().string();
  if (choice.run_id) {
    return fail(FailureKind::usage, fmt::format("{}: there is no run {}", path, *choice.run_id));
  }
  return fail(FailureKind::output, fmt::format("{}: there is no run{}", path,
                                               job ? " of job " + choice.job : std::string()));
}

// The runs before, and the last ones for the charts.
Status read_nights(Database& database, std::size_t most, NightReport& report) {
  const std::string_view job = report.night.job;
  const std::string finished = std::string(kFinishedRun) + " AND ";
  auto before = runs_where(database, finished + up_to(report.night, "<"), job, kMostBefore + 1);
  auto nights = runs_where(database, up_to(report.night, "<="), job, most);
  const auto first = number_of(
      database, "SELECT min(ordinal) FROM runs WHERE job = ?1 AND shard IS nullif(?2, '')", job,
      std::string_view(report.night.shard));
  if (!before) return fail(before.error());
  if (!nights) return fail(nights.error());
  if (!first) return fail(first.error());
  report.is_first = before->empty();
  if (report.night.is_finished()) {
    report.finished = report.night;
  } else if (!before->empty()) {
    report.finished = before->front();
  }
  report.before = std::move(*before);
  std::erase_if(report.before, [&](const RunRecord& run) { return run.ordinal == *first; });
  if (report.before.size() > kMostBefore) report.before.resize(kMostBefore);
  report.nights = std::move(*nights);
  std::ranges::reverse(report.nights);
  return {};
}

Status read_counts(Database& database, NightReport& report) {
  const auto repositories = database.integer("SELECT count(*) FROM repos WHERE gone_since IS NULL");
  if (!repositories) return fail(repositories.error());
  report.repositories = static_cast<std::uint64_t>(*repositories);
  const auto settled =
      number_of(database, "SELECT count(*) FROM run_users WHERE run_id = ?1", report.night.run_id);
  if (!settled) return fail(settled.error());
  report.settled = static_cast<std::uint64_t>(settled->value_or(0));
  const auto smaller = database.integer("SELECT count(*) FROM listings WHERE per_page IS NOT NULL");
  if (!smaller) return fail(smaller.error());
  report.smaller_pages = static_cast<std::uint64_t>(*smaller);
  return {};
}

Status read_all_of(Database& database, const NightChoice& choice, NightReport& report) {
  Status done = find_night(database, choice, report);
  if (done) done = read_nights(database, choice.nights, report);
  if (done) done = read_counts(database, report);
  for (const auto read : {read_requests, read_slowest, read_users, read_changes}) {
    if (done) done = read(database, report);
  }
  return done;
}

}  // namespace

Result<NightReport> night_report(const std::filesystem::path& path, const NightChoice& choice) {
  NightReport report;
  const auto read = [&](Database& database) {
    report = {.database = database.path(), .night = {}};
    return read_all_of(database, choice, report);
  };
  if (auto done = read_snapshot(path, kVersionWithTotals, read); !done) return fail(done.error());
  report.is_running = report.night.status == "running" && !lock_holder(report.database).empty();
  return report;
}

}  // namespace repopipe
