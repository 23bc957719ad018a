// Decides whether a worker or the API is the cause if a request does not reach the API: the worker,
// if requests of other workers succeed.  Used by QueueExecutor, which passes every result.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"

namespace repopipe {

// Whether proxy, firewall or network of one machine may be the cause of a failure.
enum class WayTrouble {
  none,           // the API responded, or no request was sent
  never_reached,  // no connection, or the proxy rejects the login
  perhaps,        // a timeout, a broken connection, a response from a proxy: one proves nothing
};
WayTrouble trouble_of(const TaskResult& task_result);

// Threading: one thread at a time.
class WorkerHealth {
 public:
  struct Judgement {
    bool is_of_worker = false;  // the worker is the cause: reassign the task, count no attempt
    std::string warning{};      // about the worker; once per worker
  };
  // `worker`: its name on the queue.  `workers`: number of connected workers.
  Judgement judge(std::string_view worker, const TaskResult& task_result, std::size_t workers,
                  Time now);

 private:
  struct Record {
    int failures = 0;  // in a row
    Time since{};      // time of the first of them
    Time good_at = Time::min();
    bool was_named = false;
  };
  bool has_good_other(const Record& record, Time after) const;
  std::size_t failing() const;

  std::map<std::string, Record, std::less<>> records_;
};

}  // namespace repopipe
