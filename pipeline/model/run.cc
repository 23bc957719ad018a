#include "pipeline/model/run.h"

namespace repopipe {

std::string_view name_of(RunStatus status) {
  switch (status) {
    case RunStatus::running:
      return "running";
    case RunStatus::complete:
      return "complete";
    case RunStatus::incomplete:
      return "incomplete";
    case RunStatus::interrupted:
      return "interrupted";
    case RunStatus::deadline:
      return "deadline";
    case RunStatus::limited:
      return "limited";
    case RunStatus::failed:
      return "failed";
  }
  return "";
}

}  // namespace repopipe
