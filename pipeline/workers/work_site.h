// Where the fetching and parsing of a run takes place, as its job says: in this process, in worker
// processes, or with the workers of a queue.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/job/job.h"
#include "pipeline/model/work_settings.h"
#include "pipeline/workers/local/work_place.h"
#include "pipeline/workers/local/workshop.h"

namespace repopipe {

// What the job asks of those who fetch and parse.
WorkSettings work_settings(const Job& job);

// What a run brings along.
struct SiteNeeds {
  std::string_view version;  // of this program
  std::vector<std::string> tokens;
  const std::vector<Principal>& principals;
  const Environment& environment;
  // Takes warnings, on any thread.
  std::function<void(const std::string&)> warn;
};

// Threading: that of its parts.
class WorkSite {
 public:
  // `clock` outlives the site.
  static Result<WorkSite> open(const Job& job, SiteNeeds needs, const Clock& clock);

  // Lives as long as this object, which may be moved.
  WorkPlace place();

 private:
  std::optional<Workshop> here_;
  std::unique_ptr<Channel> elsewhere_;
};

}  // namespace repopipe
