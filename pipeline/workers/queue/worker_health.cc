#include "pipeline/workers/queue/worker_health.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr int kMeansTrouble = 3;
// A success of another worker counts against this one if it is at most this much older than the
// first failure.
constexpr Duration kRecent = 10s;
// For this long, a worker without any result may turn out to be healthy.
constexpr Duration kDoubt = 10s;
// Requests that were in flight when the API failed may still get a response for this long.
constexpr Duration kStillUnderWay = 500ms;

constexpr int kServerError = 500;

// The name without the number that a worker appends for each run.
std::string_view machine_of(std::string_view worker) {
  return worker.substr(0, worker.rfind('-'));
}

}  // namespace

WayTrouble trouble_of(const TaskResult& task_result) {
  if (task_result.result) return WayTrouble::none;
  const int status = task_result.log.status;
  switch (policy_of(task_result.result.error().kind).way) {
    case WayToBlame::no:
      return WayTrouble::none;
    case WayToBlame::yes:
      return WayTrouble::never_reached;
    case WayToBlame::perhaps:
      return WayTrouble::perhaps;
    case WayToBlame::by_status:
      return status >= kServerError || status == 0 ? WayTrouble::perhaps : WayTrouble::none;
  }
  return WayTrouble::none;
}

WorkerHealth::Judgement WorkerHealth::judge(std::string_view worker, const TaskResult& task_result,
                                            std::size_t workers, Time now) {
  if (worker.empty()) return {};
  Record& record = records_[std::string(machine_of(worker))];
  const WayTrouble trouble = trouble_of(task_result);
  if (trouble == WayTrouble::none) {
    if (task_result.log.status == 0) return {};  // no request was sent
    record.failures = 0;
    record.good_at = now;
    return {};
  }
  if (record.failures++ == 0) record.since = now;
  if (trouble == WayTrouble::perhaps && record.failures < kMeansTrouble) return {};
  const bool others_work = has_good_other(record, record.since - kRecent);
  const bool is_open = workers > failing() && now - record.since < kDoubt;
  if (!others_work && !is_open) return {};
  Judgement judgement{.is_of_worker = true};
  const bool is_certain =
      record.failures >= kMeansTrouble && has_good_other(record, record.since + kStillUnderWay);
  if (is_certain && !std::exchange(record.was_named, true)) {
    judgement.warning = fmt::format("worker {} cannot reach the API ({}); its tasks are reassigned",
                                    printable(worker), task_result.log.error);
  }
  return judgement;
}

// Whether another worker has had a response after `after`, and no failure since.
bool WorkerHealth::has_good_other(const Record& record, Time after) const {
  return std::ranges::any_of(records_, [&](const auto& each) {
    const Record& other = each.second;
    return &other != &record && other.failures == 0 && other.good_at != Time::min() &&
           other.good_at >= after;
  });
}

std::size_t WorkerHealth::failing() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(records_, [](const auto& each) { return each.second.failures > 0; }));
}

}  // namespace repopipe
