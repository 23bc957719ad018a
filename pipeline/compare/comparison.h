// Runs a job in several ways and compares the databases.  ScratchFolder: a temporary folder that
// its destructor removes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/compare/trial.h"
#include "pipeline/model/resource.h"

namespace repopipe {
class ScratchFolder {
 public:
  // `DATABASE-compare-XXXXXX` beside `database`, so that runs are measured on its disk.  A failure
  // is of kind `output`.
  static Result<ScratchFolder> beside(const std::filesystem::path& database);

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  // Removes the folder and its content.
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;  // empty: moved from
};

// Runs the trials, each into a database of its own, and compares the databases.

struct ComparisonPlan {
  std::vector<Trial> trials;
  int repeats = 1;
  Workplace workplace;
  std::filesystem::path scratch;  // folder for the databases, two at a time
  Resources resources;            // the resources of the job
};

struct Comparison {
  std::vector<Measure> measures;         // in the order of the trials, each with its best wall time
  std::vector<std::string> differences;  // the first ones as text; empty: all are equal
};

// Stops at the first failed run.  `told` gets lines: start and end of each run, and its output.
// Repeats alternate, so that other load slows all ways alike.
Result<Comparison> carry_out(const ComparisonPlan& plan, const Clock& clock,
                             const CancelToken& cancel_token,
                             const std::function<void(const std::string& lines)>& told);

}  // namespace repopipe
