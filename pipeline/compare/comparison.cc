#include "pipeline/compare/comparison.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "pipeline/compare/way.h"
#include "storage/query/database_diff.h"

namespace repopipe {
Result<ScratchFolder> ScratchFolder::beside(const std::filesystem::path& database) {
  std::string name = database.string() + "-compare-XXXXXX";
  if (mkdtemp(name.data()) != nullptr) return ScratchFolder(std::filesystem::path(name));
  return fail(FailureKind::output, "cannot create a folder beside " + database.string() + ": " +
                                       std::strerror(errno) +
                                       "; use another place with --set store.database=");
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // errors are ignored: nothing more can be done
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

namespace {

constexpr std::size_t kMostOfATable = 3;
constexpr std::size_t kMost = 12;

class Course {
 public:
  Course(const ComparisonPlan& plan, const Clock& clock, const CancelToken& cancel_token,
         const std::function<void(const std::string& lines)>& told)
      : plan_(plan), clock_(clock), cancel_token_(cancel_token), told_(told) {}

  Status run(std::size_t index, int round) {
    const Trial& trial = plan_.trials[index];
    const std::string name =
        round == 1 ? show(trial) : fmt::format("{} (round {})", show(trial), round);
    const std::size_t all = plan_.trials.size() * static_cast<std::size_t>(plan_.repeats);
    told_(fmt::format("repopipe: {} of {}: {}\n", ++count_, all, name));
    const std::filesystem::path database =
        plan_.scratch / (first_.empty() ? "first.db" : "next.db");
    const auto measure = run_trial(trial, plan_.workplace, database, clock_, cancel_token_);
    if (cancel_token_.signal() == 0) pass_on_words();
    if (!measure) return fail(measure.error());
    told_(fmt::format("repopipe: {} took {} s\n", name, show_seconds(measure->wall)));
    keep(index, *measure);
    if (!first_.empty()) return hold_against_first(database, name);
    first_ = name;
    return {};
  }

  Comparison result() && { return std::move(comparison_); }

 private:
  // Passes on what the run printed; nothing if it succeeded.  A cancelled run would only print that
  // it can be resumed, which is wrong here.
  void pass_on_words() const {
    std::ifstream file(plan_.workplace.words);
    std::ostringstream words;
    words << file.rdbuf();
    if (!words.str().empty()) told_(words.str());
  }

  void keep(std::size_t index, const Measure& measure) {
    std::vector<Measure>& measures = comparison_.measures;
    if (index == measures.size()) {
      measures.push_back(measure);
    } else if (measure.wall < measures[index].wall) {
      measures[index] = measure;
    }
  }

  // Afterwards the database is not needed any more.
  Status hold_against_first(const std::filesystem::path& database, const std::string& name) {
    const auto found = differences(plan_.scratch / "first.db", database, plan_.resources,
                                   kMostOfATable, [this] { return cancel_token_.signal() != 0; });
    if (!found) return fail(found.error().within(name));
    for (const Difference& difference : *found) {
      if (comparison_.differences.size() == kMost) break;
      comparison_.differences.push_back(words_of(difference, first_, name));
    }
    std::error_code left;  // the next run would resume it
    std::filesystem::remove(database, left);
    if (left) return fail(FailureKind::output, database.string() + ": " + left.message());
    return {};
  }

  const ComparisonPlan& plan_;
  const Clock& clock_;
  const CancelToken& cancel_token_;
  const std::function<void(const std::string& lines)>& told_;
  std::size_t count_ = 0;
  std::string first_;  // name of the first run; empty: it has not ended
  Comparison comparison_;
};

}  // namespace

Result<Comparison> carry_out(const ComparisonPlan& plan, const Clock& clock,
                             const CancelToken& cancel_token,
                             const std::function<void(const std::string& lines)>& told) {
  Course course(plan, clock, cancel_token, told);
  for (int round = 1; round <= plan.repeats; ++round) {
    for (std::size_t i = 0; i < plan.trials.size(); ++i) {
      if (cancel_token.signal() != 0) return fail(FailureKind::cancelled, "interrupted");
      const Status done = course.run(i, round);
      if (!done) return fail(done.error());
    }
  }
  return std::move(course).result();
}

}  // namespace repopipe
