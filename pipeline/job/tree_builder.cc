#include "pipeline/job/tree_builder.h"

#include <cassert>

namespace repopipe {

void TreeBuilder::key(std::string text, Position at) {
  assert(expects_key());
  open_.back().key = std::move(text);
  open_.back().key_at = at;
  open_.back().keyed = true;
}

void TreeBuilder::value(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& around = open_.back();
  node.key = std::exchange(around.key, {});
  node.key_at = std::exchange(around.key_at, {});
  around.keyed = false;
  around.node.children.push_back(std::move(node));
}

Node TreeBuilder::close() {
  assert(!open_.empty());
  Node node = std::move(open_.back().node);
  open_.pop_back();
  return node;
}

}  // namespace repopipe
