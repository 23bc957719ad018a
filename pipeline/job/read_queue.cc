#include <fmt/format.h>

#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"
#include "pipeline/model/queue_address.h"

namespace repopipe {
namespace {

// Never shows the address itself: it may hold a password.
std::string complaint_about(std::string_view text, const Binding& binding) {
  if (!text.starts_with(kVariable)) {
    const std::string complaint = parse_queue_address(text).complaint;
    return complaint.empty() ? complaint : "the address " + complaint;
  }
  const std::string name(text.substr(kVariable.size()));
  if (name.empty()) return "a variable's name is missing, as in env:REDIS_URL";
  const auto value = binding.environment.variable(name);
  if (!value) return fmt::format("the environment variable {} is not set", in_quotes(name));
  const std::string complaint = parse_queue_address(*value).complaint;
  if (complaint.empty()) return complaint;
  return fmt::format("the address in {} {}", in_quotes(name), complaint);
}

}  // namespace

void read_queue(const JobKey& key, const Node& node, Binding& binding) {
  if (node.kind != NodeKind::text) return report_wrong_value(key, node, binding);
  const std::string complaint = complaint_about(node.text, binding);
  if (complaint.empty()) {
    binding.job.execution.queue = node.text;
  } else {
    binding.diagnostics.add(node.place, node.at, fmt::format("{}: {}", key.path, complaint));
  }
}

}  // namespace repopipe
