// Whose fault it is when a request of a worker does not reach the API: the worker's, if those of
// others do.  Used by QueueExecutor, which tells it of every task result.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"

namespace repopipe {

// How a request fails that a proxy, a firewall or a network of one machine may be to blame for.
enum class WayTrouble {
  none,           // the API has answered, or it was not asked
  never_reached,  // no connection, or a proxy that refuses the login
  perhaps,  // timeouts, broken connections, replies of somebody between: one alone tells nothing
};
WayTrouble trouble_of(const TaskResult& task_result);

// Threading: one thread at a time.
class WorkerHealth {
 public:
  struct Judgement {
    bool is_of_worker = false;  // the task had better go to another; the API is not to blame
    std::string warning{};      // about the worker; once for each
  };
  // `worker`: its name on the queue.  `workers`: that are there now.
  Judgement judge(std::string_view worker, const TaskResult& task_result, std::size_t workers,
                  Time now);

 private:
  struct Record {
    int failures = 0;  // in a row
    Time since{};      // when they began
    Time good_at = Time::min();
    bool was_named = false;
  };
  bool has_good_other(const Record& record, Time after) const;
  std::size_t failing() const;

  std::map<std::string, Record, std::less<>> records_;
};

}  // namespace repopipe
