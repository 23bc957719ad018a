// Mistakes in a job file, a list of users or a `--set`: each with its place, gathered in order.
#pragma once

#include <string>
#include <vector>

namespace repopipe {

// One mistake in a job file, a list of users or a `--set`, and where it stands.

// Counted from 1; columns in Unicode characters, not bytes.  Line 0: no particular place.
struct Position {
  int line = 0;
  int column = 0;

  friend auto operator<=>(const Position&, const Position&) = default;
};

struct Diagnostic {
  std::string file;  // as the user named it; or "standard input"; or "--set path=value"
  int line = 0;
  int column = 0;
  std::string message;  // one line, without secrets

  // "job.yaml:3:5: message"; "file: message" when the diagnostic has no particular place.
  std::string show() const;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// Gathers the diagnostics of one load and hands them out in order: the job file first, then each
// `--set`, then the list of users; each from its beginning to its end.

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
