// What a run would take: requests, quota and time, and what limits it.  Used by `repopipe plan` and
// `repopipe run --dry-run`.  Pure: reads nothing and knows no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/job/job.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/run.h"
#include "pipeline/prediction/experience.h"
#include "pipeline/prediction/schedule.h"
#include "pipeline/prediction/work.h"
#include "storage/prediction/past_nights.h"

namespace repopipe {

struct PredictionFacts {
  const Job& job;
  const Provider& provider;
  const Principals& principals;
  Work work{};
  Experience past{};
  std::vector<TokenReading> readings{};
  std::size_t sent_before = 0;  // requests of the last minute
  Duration sent_until{};        // until they do not count any more
  int concurrency = 1;
  WallTime now{};
};

struct PredictedToken {
  std::string name{};  // its reference; kAnonymous without a token
  std::uint64_t points = 0;
  std::optional<std::uint64_t> limit{};      // of an hour; nothing: none is known
  std::optional<std::uint64_t> remaining{};  // if its reset is ahead
  std::optional<WallTime> resets_at{};
};

enum class LimitedBy {
  nothing,      // there is nothing to request
  concurrency,  // and the time of responses
  requests_per_minute,
  response_seconds_per_minute,
  quota,
  store,
};

struct Prediction {
  Work work{};
  Experience past{};
  std::uint64_t requests = 0;
  std::uint64_t conditional = 0;
  std::uint64_t not_modified = 0;
  bool has_quota = false;    // of the API
  std::uint64_t points = 0;  // that count against it
  std::vector<PredictedToken> tokens{};
  double response = 0;  // seconds, the mean
  Duration time{};      // until its end, if nothing ends it earlier
  Duration waiting{};   // of that, for quotas and the limits of a minute
  Schedule schedule{};  // as far as it comes
  LimitedBy limited_by = LimitedBy::nothing;
  WallTime now{};

  bool fits() const { return schedule.obstacle == Obstacle::none; }
};

Prediction predict(const PredictionFacts& facts);

// The job of a prediction, for people.
struct PredictedJob {
  const Job& job;
  Shard shard{};
  std::uint64_t entries = 0;
  int concurrency = 1;
  bool has_database = false;
  std::string resumption{};              // empty: it begins a new run
  std::optional<std::int64_t> run_id{};  // that it resumes
  std::vector<std::string> notes{};      // lines about what is not known
};

// Lines of at most 80 columns, but for a longer path.  Local time.
std::string to_text(const Prediction& prediction, const PredictedJob& job);

// One object in one line.  Times are UTC.  docs/plan.md documents every member.
std::string to_json(const Prediction& prediction, const PredictedJob& job);

// Why it does not fit, and what to do; empty if it fits.
std::string reason_of(const Prediction& prediction, const Job& job);
std::string remedy_of(const Prediction& prediction);

std::string_view name_of(LimitedBy limit);

}  // namespace repopipe
