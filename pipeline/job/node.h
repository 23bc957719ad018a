// A job file as a tree, whichever language it is written in.  Made by parse_yaml and parse_json,
// changed by overrides, read by bind.
#pragma once

#include <string>
#include <vector>

#include "pipeline/job/diagnostics.h"

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

}  // namespace repopipe
