// A folder for what is thrown away afterwards, gone with the object.
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
  // `repos.db-compare-XXXXXX` beside `database`: runs are measured on the disk that they would
  // write to, and there is room for them.  A failure is of kind `output`.
  static Result<ScratchFolder> beside(const std::filesystem::path& database);

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  // With all that is in it.
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;  // empty: moved from
};

// Runs one job in every way that was asked for, each into a scratch database, and holds what they
// wrote against each other.

struct ComparisonPlan {
  std::vector<Trial> trials;
  int repeats = 1;
  Workplace workplace;
  std::filesystem::path scratch;  // a folder for the databases: two of them at a time
  Resources resources;            // that the job fills them with
};

struct Comparison {
  std::vector<Measure> measures;  // in the order of the trials, the one with the best wall time
  std::vector<std::string> differences;  // in words, the first few; empty: all databases are equal
};

// The first run that fails ends it.  `told` gets whole lines for people: when a run begins
// and ends, and what it had to say.
// Repeats take turns, so that whatever slows the machine for a while slows all ways.
Result<Comparison> carry_out(const ComparisonPlan& plan, const Clock& clock,
                             const CancelToken& cancel_token,
                             const std::function<void(const std::string& lines)>& told);

}  // namespace repopipe
