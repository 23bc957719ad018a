#include "storage/store/recent_requests.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace repopipe {
namespace {

// By number, for there is no index on the time.  A calendar that was set back by some seconds makes
// an answer lie ahead.
constexpr std::string_view kRecent = R"sql(
SELECT age, total_ms FROM (
  SELECT (julianday(?1) - julianday(started_at)) * 86400000 - total_ms AS age, total_ms
  FROM (SELECT started_at, total_ms, outcome FROM requests ORDER BY id DESC LIMIT ?3)
  WHERE outcome NOT IN ('connect', 'cancelled', 'queue'))
WHERE age > -5000 AND age < ?2
ORDER BY age DESC)sql";

Duration rounded(double milliseconds) {
  return std::chrono::round<Duration>(std::chrono::duration<double, std::milli>(milliseconds));
}

}  // namespace

Result<std::vector<RecentRequest>> recent_requests(Database& database, WallTime now, Duration span,
                                                   std::size_t most) {
  auto statement = database.prepare(kRecent);
  if (!statement) return fail(statement.error());
  const std::string time = to_iso8601(now);
  statement->bind(std::string_view(time), milliseconds(span), most);
  std::vector<RecentRequest> requests;
  while (true) {
    const auto found = statement->step();
    if (!found) return fail(found.error());
    if (!*found) return requests;
    requests.push_back(
        {std::max(rounded(statement->real(0)), Duration::zero()), rounded(statement->real(1))});
  }
}

}  // namespace repopipe
