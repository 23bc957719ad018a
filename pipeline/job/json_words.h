// nlohmann's complaint about broken JSON in words for the person who wrote it.
#pragma once

#include <string>

#include "pipeline/job/diagnostic.h"
#include "pipeline/job/tracked_input.h"

namespace repopipe {

struct Complaint {
  Position at;
  std::string message;
};

// `what` is the text of nlohmann's exception.  Never repeats what the file says, which may be a
// secret.
Complaint complaint_about_json(const TrackedInput& input, const std::string& what);

}  // namespace repopipe
