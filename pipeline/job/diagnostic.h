// One mistake in a job file, a list of users or a `--set`, and where it stands.
#pragma once

#include <string>

namespace repopipe {

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

}  // namespace repopipe
