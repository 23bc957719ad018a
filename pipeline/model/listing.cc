#include "pipeline/model/listing.h"

namespace repopipe {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::unchanged:
      return "unchanged";
    case Outcome::not_found:
      return "not_found";
    case Outcome::renamed:
      return "renamed";
    case Outcome::blocked:
      return "blocked";
    case Outcome::failed:
      return "failed";
    case Outcome::abandoned:
      return "abandoned";
  }
  return "";
}

}  // namespace repopipe
