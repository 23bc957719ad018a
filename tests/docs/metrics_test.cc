// docs/metrics.md has a row for each metric, with its label, and no other.
#include "pipeline/report/metrics.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

namespace repopipe::docs {
namespace {

using Labels = std::map<std::string, std::string>;  // of a metric, besides that of the job; or ""

// A run that has every metric.
std::string all_metrics() {
  const std::vector<LabelledValue> some{{"x", 1}};
  const LastRun run{.stages = some,
                    .busy = some,
                    .waits = some,
                    .users = some,
                    .repositories = some,
                    .requests = some,
                    .remaining = some,
                    .resets_at = some,
                    .expires_at = some};
  return metrics_text({.job_name = "nightly", .version = "1"},
                      RunMetrics{.last_success = 1.0, .run = run});
}

Labels real_labels() {
  static const std::regex kSample("(repopipe_[a-z_]+?)(?:_bucket|_sum|_count)?\\{(.*)\\} .*");
  static const std::regex kLabel("([a-z_]+)=\"");
  std::istringstream lines(all_metrics());
  Labels labels;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_match(line, match, kSample)) continue;
    std::string& label = labels[match[1]];
    const std::string all = match[2];
    for (std::sregex_iterator each(all.begin(), all.end(), kLabel), end; each != end; ++each) {
      if ((*each)[1] != "job_name") label = (*each)[1];
    }
  }
  return labels;
}

Labels documented_labels() {
  static const std::regex kRow("[|] (`repopipe_[^|]*) [|](?: `([a-z_]+)`[^|]*)? [|] .*");
  static const std::regex kName("`(repopipe_[a-z_]+)`");
  std::ifstream file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "docs/metrics.md");
  Labels labels;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (!std::regex_match(line, match, kRow)) continue;
    const std::string names = match[1];
    for (std::sregex_iterator each(names.begin(), names.end(), kName), end; each != end; ++each) {
      EXPECT_TRUE(labels.emplace((*each)[1], match[2]).second) << line;
    }
  }
  return labels;
}

TEST(Metrics, AreDocumentedWithTheirLabels) {
  const Labels labels = real_labels();
  EXPECT_GE(labels.size(), 19u);
  EXPECT_EQ(documented_labels(), labels);
}

}  // namespace
}  // namespace repopipe::docs
