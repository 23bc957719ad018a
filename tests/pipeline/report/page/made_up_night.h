// A report of a night after ten ordinary ones, for the tests of words and page.
#pragma once

#include <string>

#include "storage/query/night_report.h"

namespace repopipe {

inline RunRecord made_up_run(int day) {
  RunRecord run{.run_id = day, .job = "nightly", .status = "complete", .exit_code = 0};
  const std::string date = "2026-11-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
  run.started_at = date + "T03:02:00.000Z";
  run.finished_at = date + "T03:02:10.000Z";
  run.ordinal = day;
  run.wall_ms = 10'000;
  run.parts_ms = {100, 9'000, 500, 300, 100};
  run.totals = {
      .ok = 1'200, .unchanged = 790, .not_found = 4, .renamed = 2, .blocked = 1, .failed = 3};
  run.totals.repos_new = 200;
  run.totals.repos_gone = 100;
  run.totals.requests = 2'500;
  run.totals.not_modified = 700;
  return run;
}

inline NightReport made_up_night(int day = 12) {
  NightReport report{
      .database = "/srv/repos.db", .repositories = 41'115, .night = made_up_run(day)};
  report.settled = 2'000;
  report.finished = report.night;
  for (int before = day - 1; before > 1; --before) {
    report.before.push_back(made_up_run(before));
    report.latencies_before.push_back({90, 10});
  }
  for (int each = 1; each <= day; ++each) report.nights.push_back(made_up_run(each));
  report.latencies = {10, 80, 10};
  return report;
}

}  // namespace repopipe
