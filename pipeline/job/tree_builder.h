// Puts a tree together from the events of a parser.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/job/node.h"

namespace repopipe {

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

}  // namespace repopipe
