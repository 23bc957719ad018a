// What metrics tell of a database: the last run of a job, its tokens, and what is stored.  Used by
// pipeline/report/metrics.h.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/run.h"

namespace repopipe {

struct LabelledValue {
  std::string label;
  double value = 0;
};

// Upper bounds of the histogram of request times, in milliseconds; the columns of `run_requests`.
constexpr std::array<int, 8> kRequestBounds{50, 100, 200, 500, 1000, 2000, 5000, 10000};

// A run that has ended.  Times are in seconds, moments in seconds since 1970.
struct LastRun {
  double started_at = 0, finished_at = 0, duration = 0, received_bytes = 0;
  int exit_code = 0;
  std::vector<LabelledValue> stages{}, busy{}, waits{}, users{}, repositories{};
  std::vector<LabelledValue> requests{};  // by HTTP status; "none": no response
  double request_count = 0, request_time = 0;
  std::array<double, kRequestBounds.size()> within{};  // requests that took at most the bound
  std::vector<LabelledValue> remaining{}, resets_at{}, expires_at{};  // by the token's name
};

struct RunMetrics {
  double repositories = 0;  // that are not gone
  double database_bytes = 0;
  std::optional<double> last_success{};  // when a complete run ended
  std::optional<LastRun> run{};
};

// Of the newest run of the job and shard that has ended.  Opens nothing for writing.  A failure is
// of kind `output` or `database`.
Result<RunMetrics> run_metrics(const std::filesystem::path& path, const std::string& job,
                               const Shard& shard);

}  // namespace repopipe
