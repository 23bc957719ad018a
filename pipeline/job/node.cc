#include "pipeline/job/node.h"

#include "pipeline/base/text.h"

namespace repopipe {

bool is_scalar(const Node& node) {
  return node.kind != NodeKind::list && node.kind != NodeKind::section;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      return "null";
    case NodeKind::boolean:
    case NodeKind::integer:
    case NodeKind::number:
      return shown_key(node.text);
    case NodeKind::text:
      return in_quotes(node.text);
    case NodeKind::list:
      return "a list";
    case NodeKind::section:
      return "a section";
  }
  return {};
}

}  // namespace repopipe
