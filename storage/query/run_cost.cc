#include "storage/query/run_cost.h"

#include <string_view>

#include "storage/schema/schema.h"

namespace repopipe {
namespace {

constexpr std::string_view kCost = R"sql(
SELECT starting_ms, fetching_ms, processing_ms, waiting_ms, finishing_ms, fetch_busy_ms,
       parse_busy_ms, store_busy_ms, plan_busy_ms,
       users_ok + users_unchanged + users_not_found + users_renamed + users_blocked + users_failed,
       repos_seen, requests,
       iif(fetching_ms > 0,
           (SELECT total(total_ms) FROM requests WHERE run_id = runs.id) / fetching_ms, 0)
FROM runs WHERE id = (SELECT max(id) FROM runs))sql";

Duration duration(double milliseconds) {
  return std::chrono::round<Duration>(std::chrono::duration<double, std::milli>(milliseconds));
}

}  // namespace

Result<RunCost> run_cost(const std::filesystem::path& path) {
  auto database = open_reader(path);
  if (!database) return fail(database.error());
  auto row = database->prepare(kCost);
  if (!row) return fail(row.error());
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return fail(FailureKind::output, path.string() + ": holds no run");
  const auto time = [&row](int column) { return duration(row->real(column)); };
  const auto count = [&row](int column) {
    return static_cast<std::uint64_t>(row->integer(column));
  };
  return RunCost{.times = {.starting = time(0),
                           .fetching = time(1),
                           .processing = time(2),
                           .waiting = time(3),
                           .finishing = time(4),
                           .fetch_busy = time(5),
                           .parse_busy = time(6),
                           .store_busy = time(7),
                           .plan_busy = time(8)},
                 .users = count(9),
                 .repositories = count(10),
                 .requests = count(11),
                 .in_flight = row->real(12)};
}

}  // namespace repopipe
