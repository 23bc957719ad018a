#include "pipeline/report/page/night_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "pipeline/report/figures.h"

namespace repopipe {
namespace {

double as_double(std::uint64_t count) {
  return static_cast<double>(count);
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : as_double(part) / as_double(whole);
}

std::uint64_t failures_of(const RunRecord& run) {
  return run.totals.failed + run.totals.blocked;
}

double median_of(const std::vector<RunRecord>& runs,
                 const std::function<double(const RunRecord&)>& value) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const RunRecord& run : runs) values.push_back(value(run));
  return median(std::move(values));
}

std::uint64_t sum_of(const Latencies& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Usual usual_of(const NightReport& report) {
  const auto& runs = report.before;
  const auto count = [&runs](std::uint64_t RunTotals::*member) {
    return median_of(runs, [=](const RunRecord& run) { return as_double(run.totals.*member); });
  };
  Usual usual{.nights = runs.size(),
              .wall_ms = median_of(runs, [](const RunRecord& run) { return run.wall_ms; })};
  for (std::size_t i = 0; i < kParts; ++i) {
    usual.parts_ms.at(i) =
        median_of(runs, [i](const RunRecord& run) { return run.parts_ms.at(i); });
  }
  usual.users = median_of(runs, [](const auto& run) { return as_double(run.totals.users()); });
  usual.not_listed = median_of(runs, [](const auto& run) { return as_double(run.not_listed()); });
  usual.failures = median_of(runs, [](const auto& run) { return as_double(failures_of(run)); });
  usual.requests = count(&RunTotals::requests);
  usual.free_share = median_of(runs, [](const RunRecord& run) {
    return share(run.totals.not_modified, run.totals.requests);
  });
  usual.bytes = count(&RunTotals::bytes);
  usual.added = count(&RunTotals::repos_new);
  usual.gone = count(&RunTotals::repos_gone);
  usual.changed = count(&RunTotals::repos_changed);
  for (std::size_t i = 0; i < usual.latency_shares.size(); ++i) {
    std::vector<double> shares;
    for (const Latencies& counts : report.latencies_before) {
      if (sum_of(counts) > 0) shares.push_back(share(counts.at(i), sum_of(counts)));
    }
    usual.latency_shares.at(i) = median(std::move(shares));
  }
  return usual;
}

namespace {

std::string date_of(const std::string& iso8601) {
  const auto time = parse_iso8601(iso8601);
  if (!time) return iso8601;
  const std::string date = show_date(*time);
  return date.substr(0, date.rfind(' '));
}

std::string time_sentence(const RunRecord& night, const Usual& usual) {
  const std::string took = "The night took " + show_brief(night.wall_ms);
  if (usual.nights == 0) return took + ".";
  const double ratio = night.wall_ms / std::max(usual.wall_ms, 1.0);
  const std::string of_usual = show_brief(usual.wall_ms);
  if (ratio > 0.8 && ratio < 1.25) return fmt::format("{}, as usual ({}).", took, of_usual);
  if (ratio < 1) return fmt::format("{}; usually it is {}.", took, of_usual);
  return fmt::format("{}, {:.1f} times as long as usual ({}).", took, ratio, of_usual);
}

NightVerdict not_finished(const NightReport& report, const Usual& usual) {
  const RunRecord& night = report.night;
  const bool was_killed = night.status == "running";
  const auto begun = parse_iso8601(night.started_at);
  const std::string how =
      report.is_running && begun ? fmt::format("It runs since {},", show_time_of_day(*begun))
      : was_killed
          ? "It was killed, or the machine stopped,"
          : fmt::format("It {} after {},",
                        night.status == "failed" ? "failed" : "stopped (" + night.status + ")",
                        show_brief(night.wall_ms));
  std::string text = fmt::format("{} with {} of ", how, show(report.settled));
  text += usual.users > 0
              ? fmt::format("about {} users done.", show(static_cast<std::uint64_t>(usual.users)))
              : std::string("the users done.");
  if (report.finished) {
    text += fmt::format(" The other data is that of {}.", date_of(report.finished->started_at));
  }
  if (report.is_running) return {Mood::look, "This night is not over.", text};
  return {Mood::bad, "This night did not finish.", text};
}

}  // namespace

NightVerdict verdict_of(const NightReport& report, const Usual& usual) {
  const RunRecord& night = report.night;
  if (!night.is_finished()) return not_finished(report, usual);
  const std::uint64_t users = night.totals.users();
  const std::string listed = fmt::format("{} of {} up to date. ", show(users - night.not_listed()),
                                         users == 1 ? "1 user is" : show(users) + " users are");
  const std::string text = listed + time_sentence(night, usual);
  if (night.status != "complete") {
    return {Mood::bad, "This night is incomplete.",
            listed + (night.error.empty() ? std::string() : night.error + ".")};
  }
  constexpr double kMinute = 60'000;
  const bool is_slow =
      usual.nights > 0 && night.wall_ms > kMinute && night.wall_ms > 3 * usual.wall_ms;
  const double failures = as_double(failures_of(night));
  const bool fails_more =
      usual.nights > 0 && failures > 2 * usual.failures && failures >= usual.failures + 10;
  if (!is_slow && !fails_more) return {Mood::good, "All is well.", text};
  const std::string more = fails_more
                               ? fmt::format(" {} users failed or are blocked, usually {:.0f}.",
                                             failures, usual.failures)
                               : "";
  return {Mood::look, "Done, but look.", text + more};
}

const std::array<PartWords, kParts>& part_words() {
  static constexpr std::array<PartWords, kParts> kWords{
      PartWords{"starting", "before the first request"},
      PartWords{"fetching", "with a request in flight"},
      PartWords{"processing", "only parsing, storing and planning"},
      PartWords{"waiting", "for a limit, or before a retry"},
      PartWords{"finishing", "after the last user"}};
  return kWords;
}

namespace {

// The upper limit of the interval within which that share of the responses is; nothing: above all.
std::optional<int> limit_of(const std::vector<double>& shares, double wanted) {
  double sum = 0;
  for (std::size_t i = 0; i < kLatencyLimits.size(); ++i) {
    sum += shares.at(i);
    if (sum >= wanted) return kLatencyLimits.at(i);
  }
  return std::nullopt;
}

std::string within(const std::vector<double>& shares, double wanted) {
  const auto limit = limit_of(shares, wanted);
  return limit ? "within " + show_brief(*limit) : "after more than 10 s";
}

std::string latency_sentence(const NightReport& report, const Usual& usual) {
  const std::uint64_t all = sum_of(report.latencies);
  if (all == 0) return {};
  std::vector<double> shares;
  for (const std::uint64_t count : report.latencies) shares.push_back(share(count, all));
  std::string text = fmt::format("Half of the responses came {}", within(shares, 0.5));
  const std::vector<double> before(usual.latency_shares.begin(), usual.latency_shares.end());
  const bool differs = usual.nights > 0 && limit_of(before, 0.5) != limit_of(shares, 0.5);
  if (differs) text += fmt::format(" (usually {})", within(before, 0.5));
  return text + fmt::format(", 99 of 100 {}.", within(shares, 0.99));
}

}  // namespace

TimeWords time_words(const NightReport& report, const Usual& usual) {
  const std::string latencies = latency_sentence(report, usual);
  if (usual.nights == 0) return {"There are no earlier nights to compare with.", latencies};
  std::size_t largest = 0;
  const auto difference = [&](std::size_t i) {
    return report.night.parts_ms.at(i) - usual.parts_ms.at(i);
  };
  for (std::size_t i = 1; i < kParts; ++i) {
    if (std::abs(difference(i)) > std::abs(difference(largest))) largest = i;
  }
  const PartWords& part = part_words().at(largest);
  const double by = difference(largest);
  if (std::abs(by) < std::max(0.1 * usual.wall_ms, 1.0)) {
    return {"The time went where it usually goes.", latencies};
  }
  return {fmt::format("{} {} than usual went to {}", show_brief(std::abs(by)),
                      by > 0 ? "more" : "less", part.name),
          fmt::format(" ({}). {}", part.meaning, latencies)};
}

}  // namespace repopipe
