// A job file as a tree.  Created by parse_yaml and parse_json, changed by `--set`, read by bind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/job/document/diagnostics.h"
#include "pipeline/job/document/files.h"

namespace repopipe {

enum class NodeKind { null, boolean, integer, number, text, list, section };

struct Node {
  NodeKind kind = NodeKind::null;
  Place place = 0;
  Position at = {};
  std::string text = {};  // of a scalar, without quotes and escapes
  std::string key = {};   // of an entry of a section; keys may be repeated
  Position key_at = {};
  std::vector<Node> children = {};  // of a list or a section, in order
};

// Nothing unless `node` is an integer that fits (YAML also has 0x1f and 0o17).
std::optional<std::int64_t> whole_number(const Node& node);

// Nothing unless `node` is a finite number.
std::optional<double> real_number(const Node& node);

// The tree as JSON in one line.  A number that JSON does not have is text; of a repeated key, the
// last value counts.
std::string as_json(const Node& node);

inline constexpr int kDeepest = 32;  // levels of sections and lists

bool is_scalar(const Node& node);

// The value for a message: "many" in quotes, 30, null, a list.
std::string describe(const Node& node);

// Both return nothing if `text` is not well-formed, and report why and where to `diagnostics`.
// `text` is valid UTF-8 without a byte order mark.  Repeated keys stay in the tree.
std::optional<Node> parse_json(std::string_view text, Place place, Diagnostics& diagnostics);

// YAML 1.2 with the core schema: yes and on are text.  Refused: tags, several documents in a file,
// aliases that expand to more than 100,000 nodes.
std::optional<Node> parse_yaml(std::string_view text, Place place, Diagnostics& diagnostics);

// The kind of an unquoted YAML scalar, by the core schema (YAML 1.2.2, section 10.3.2).
NodeKind kind_of_plain(std::string_view text);

// Builds a tree from the events of a parser.
class TreeBuilder {
 public:
  // The number of open lists and sections.
  std::size_t depth() const { return open_.size(); }
  bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == NodeKind::section && !open_.back().keyed;
  }
  // The position of the key of the next value; line 0: it has no key.
  Position pending_key() const {
    return !open_.empty() && open_.back().keyed ? open_.back().key_at : Position{};
  }

  // The beginning of the innermost open list or section; line 0: none is open.
  Position innermost() const { return open_.empty() ? Position{} : open_.back().node.at; }

  void key(std::string text, Position at);
  void value(Node node);
  void open(Node node) { open_.push_back({std::move(node), {}, {}, false}); }
  // Closes the innermost list or section and returns it; the caller adds it with `value`.
  Node close();

  Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    std::string key;
    Position key_at;
    bool keyed;
  };

  std::vector<Open> open_;
  Node root_;
};

struct Complaint {
  Position at;
  std::string message;
};

// The message for invalid JSON.  `what` is the text of nlohmann's exception.  The message contains
// no text of the file, which may be a secret.
Complaint complaint_about_json(const TrackedInput& input, const std::string& what);

}  // namespace repopipe
