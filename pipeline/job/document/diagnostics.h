// Errors in a job file, a list of users or a `--set`, with their positions.
#pragma once

#include <string>
#include <vector>

namespace repopipe {

struct Node;

// Counted from 1; columns in Unicode characters, not bytes.  Line 0: no position.
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
  std::string key{};    // "fetch.timeout", "provider.tokens[0]"; empty: it is about no key
  std::string hint{};   // what to write instead, a part of the message or more; may be empty

  // "job.yaml:3:5: message"; "file: message" without a position.
  std::string show() const;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

using Place = int;  // an index of the places of Diagnostics, in the order of add_place

// The diagnostics of one load, in order: the job file, then each `--set`, then the list of users;
// within each by position.
class Diagnostics {
 public:
  Place add_place(std::string name);
  // `hint` and `key` are those of Diagnostic; name_keys() sets a missing key.
  void add(Place place, Position at, std::string message, std::string hint = {},
           std::string key = {});

  // Sets the key of each diagnostic that has none, by its position in the tree of the job file.
  void name_keys(const Node& root);

  const std::string& name_of(Place place) const { return places_[static_cast<std::size_t>(place)]; }
  bool empty() const { return found_.empty(); }
  // Returns all diagnostics in order, and removes them.
  std::vector<Diagnostic> take();

 private:
  struct Found {
    Place place;
    Position at;
    std::string message;
    std::string hint;
    std::string key;
  };

  std::string key_without_position(const Found& found) const;

  std::vector<std::string> places_;
  std::vector<Found> found_;
};

}  // namespace repopipe
