// A job file as a tree, whichever language it is written in.  Made by parse_yaml and parse_json,
// changed by overrides, read by bind.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/job/diagnostics.h"
#include "pipeline/job/files.h"

namespace repopipe {
enum class NodeKind { null, boolean, integer, number, text, list, section };

struct Node {
  NodeKind kind = NodeKind::null;
  Place place = 0;
  Position at = {};
  std::string text = {};  // of a scalar, as written but without quotes and escapes
  std::string key = {};   // of an entry of a section; keys may be repeated
  Position key_at = {};
  std::vector<Node> children = {};  // of a list or a section, in order
};

inline constexpr int kDeepest = 32;  // levels of sections and lists

bool is_scalar(const Node& node);

// "many" in quotes, 30, null, a list: how a message names a value.
std::string describe(const Node& node);

// A job file's text as a tree.

// Both give nothing when `text` is not well-formed, and say why and where in `diagnostics`.  `text`
// is legal UTF-8 without a byte order mark.  Repeated keys stay in the tree.
std::optional<Node> parse_json(std::string_view text, Place place, Diagnostics& diagnostics);

// YAML 1.2 with the core schema: yes and on are text.  Not taken: tags, several documents
// in a file, aliases that blow up.
std::optional<Node> parse_yaml(std::string_view text, Place place, Diagnostics& diagnostics);

// Puts a tree together from the events of a parser.

class TreeBuilder {
 public:
  // How many lists and sections are open.
  std::size_t depth() const { return open_.size(); }
  bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == NodeKind::section && !open_.back().keyed;
  }
  // Where the value to come has its key; line 0: it has none.
  Position pending_key() const {
    return !open_.empty() && open_.back().keyed ? open_.back().key_at : Position{};
  }

  // Where the innermost open list or section begins; line 0: none is open.
  Position innermost() const { return open_.empty() ? Position{} : open_.back().node.at; }

  void key(std::string text, Position at);
  void value(Node node);
  void open(Node node) { open_.push_back({std::move(node), {}, {}, false}); }
  // Closes the innermost list or section, which is a value of the one around it.
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

// nlohmann's complaint about broken JSON in words for the person who wrote it.

struct Complaint {
  Position at;
  std::string message;
};

// `what` is the text of nlohmann's exception.  Never repeats what the file says, which may be a
// secret.
Complaint complaint_about_json(const TrackedInput& input, const std::string& what);

}  // namespace repopipe
