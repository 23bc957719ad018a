#include "pipeline/report/metrics.h"

#include <prometheus/text_serializer.h>

#include <string_view>
#include <utility>
#include <vector>

namespace repopipe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double seconds_of(WallTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000;
}

// Every metric has the labels of the job.
class Families {
 public:
  explicit Families(const MetricsEnd& end) : labels_{{"job_name", end.job_name}} {
    if (!end.shard.is_whole()) labels_.push_back({"shard", end.shard.name()});
  }

  void add(std::string_view name, std::string_view help, double value) {
    family(name, help, MetricType::Gauge).metric.push_back(metric(value));
  }
  // One metric for each value; none: no family.
  void add(std::string_view name, std::string_view help, std::string_view label,
           const std::vector<LabelledValue>& values) {
    if (values.empty()) return;
    MetricFamily& added = family(name, help, MetricType::Gauge);
    for (const LabelledValue& each : values) {
      added.metric.push_back(metric(each.value));
      added.metric.back().label.push_back({std::string(label), each.label});
    }
  }
  void add_histogram(std::string_view name, std::string_view help, const LastRun& run) {
    ClientMetric all = metric(0);
    all.histogram.sample_count = static_cast<std::uint64_t>(run.request_count);
    all.histogram.sample_sum = run.request_time;
    for (std::size_t i = 0; i < run.within.size(); ++i) {
      all.histogram.bucket.push_back(
          {static_cast<std::uint64_t>(run.within[i]), kRequestBounds[i] / 1000.0});
    }
    family(name, help, MetricType::Histogram).metric.push_back(std::move(all));
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  MetricFamily& family(std::string_view name, std::string_view help, MetricType type) {
    return families_.emplace_back(
        MetricFamily{"repopipe_" + std::string(name), std::string(help), type, {}});
  }
  ClientMetric metric(double value) const {
    ClientMetric one;
    one.label = labels_;
    one.gauge.value = value;
    return one;
  }

  std::vector<ClientMetric::Label> labels_;
  std::vector<MetricFamily> families_;
};

void add_run(const LastRun& run, Families& all) {
  all.add("last_run_duration_seconds", "Time from start to end.", run.duration);
  all.add("last_run_stage_seconds", "The duration by what the run did.", "stage", run.stages);
  all.add("last_run_busy_seconds", "Sum over all tasks of a stage.", "stage", run.busy);
  all.add("last_run_waited_seconds", "Waiting time by cause.", "cause", run.waits);
  all.add("last_run_users", "Users by outcome.", "outcome", run.users);
  all.add("last_run_repositories", "Repositories in lists, new, changed and gone.", "change",
          run.repositories);
  all.add("last_run_requests", "Requests by HTTP status; none: no response.", "status",
          run.requests);
  all.add("last_run_received_bytes", "Size of the responses as received.", run.received_bytes);
  all.add_histogram("last_run_request_duration_seconds", "Time of a request.", run);
  all.add("quota_remaining_requests", "Requests left in the token's quota.", "token",
          run.remaining);
  all.add("quota_reset_timestamp_seconds", "When the token's quota is full again.", "token",
          run.resets_at);
  all.add("token_expiry_timestamp_seconds", "When the token expires.", "token", run.expires_at);
}

}  // namespace

std::string metrics_text(const MetricsEnd& end, const std::optional<RunMetrics>& known) {
  Families all(end);
  const LastRun* run = known && known->run ? &*known->run : nullptr;
  const bool is_that_run = end.began && run != nullptr;
  all.add("build_info", "Always 1; the label has the version.", "version", {{end.version, 1}});
  all.add("last_run_start_timestamp_seconds", "When the last run started.",
          is_that_run ? run->started_at : seconds_of(end.start));
  all.add("last_run_end_timestamp_seconds", "When the last run ended.",
          is_that_run ? run->finished_at : seconds_of(end.end));
  all.add("last_run_exit_code", "Exit code of the last run.", end.exit_code);
  if (known && known->last_success) {
    all.add("last_success_timestamp_seconds", "When the last complete run ended.",
            *known->last_success);
  }
  if (run != nullptr) add_run(*run, all);
  if (known) {
    all.add("repositories", "Repositories in the database that are not gone.", known->repositories);
    all.add("database_bytes", "Size of the database and its log.", known->database_bytes);
  }
  return all.text();
}

}  // namespace repopipe
