// Gathers the diagnostics of one load and hands them out in order: the job file first, then each
// `--set`, then the list of users; each from its beginning to its end.
#pragma once

#include <string>
#include <vector>

#include "pipeline/job/diagnostic.h"

namespace repopipe {

using Place = int;  // an index of Diagnostics's places, in the order of their first mention

class Diagnostics {
 public:
  Place add_place(std::string name);
  void add(Place place, Position at, std::string message);

  const std::string& name_of(Place place) const { return places_[static_cast<std::size_t>(place)]; }
  bool empty() const { return found_.empty(); }
  // Everything found so far, in order; leaves the diagnostics empty of diagnostics.
  std::vector<Diagnostic> take();

 private:
  struct Found {
    Place place;
    Position at;
    std::string message;
  };

  std::vector<std::string> places_;
  std::vector<Found> found_;
};

}  // namespace repopipe
