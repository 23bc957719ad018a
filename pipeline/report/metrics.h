// The metrics of a job in the text format of Prometheus, for the textfile collector of its node
// exporter.
#pragma once

#include <optional>
#include <string>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"
#include "storage/query/run_metrics.h"

namespace repopipe {

// How the last start of the program for this job ended, whether or not the run began.
struct MetricsEnd {
  std::string job_name;
  Shard shard{};
  std::string version;
  WallTime start{}, end{};
  int exit_code = 0;
  bool began = false;  // `known.run` is that run, which has its own times
};

// `known`: what the database tells; nothing: it cannot be read.  docs/metrics.md lists the names.
std::string metrics_text(const MetricsEnd& end, const std::optional<RunMetrics>& known);

}  // namespace repopipe
