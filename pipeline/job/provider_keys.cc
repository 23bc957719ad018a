// Keys of a job whose defaults and bounds come from its provider.
#include <fmt/format.h>

#include <algorithm>

#include "pipeline/job/bind.h"

namespace repopipe {
namespace {

const Node* child_of(const Node* node, std::string_view key) {
  if (node == nullptr || node->kind != NodeKind::section) return nullptr;
  const auto child = std::ranges::find(node->children, key, &Node::key);
  return child == node->children.end() ? nullptr : &*child;
}

bool is_written(const Binding& binding, const char* key) {
  return binding.written.contains(key);
}

void require_url(const Node& root, Binding& binding) {
  if (is_written(binding, "provider.base_url")) return;
  binding.job.provider.base_url = binding.provider.default_url;
  if (!binding.provider.default_url.empty()) return;
  const Node* section = child_of(&root, "provider");
  const Node* kind = child_of(section, "kind");
  const Node& place = kind != nullptr ? *kind : root;
  const std::string hint = fmt::format("write the address of the server's API, as in base_url: {}",
                                       binding.provider.example_url);
  binding.diagnostics.add(place.place, place.at,
                          fmt::format("provider.base_url is missing: {} has no default address; {}",
                                      binding.provider.kind, hint),
                          hint, "provider.base_url");
}

void bound_page_size(Binding& binding) {
  const int most = binding.provider.resources.front()->routes.front().most;
  int& size = binding.job.provider.per_page;
  const auto written = binding.written.find("provider.per_page");
  if (written == binding.written.end()) {
    size = most;
  } else if (size > most) {
    const std::string hint =
        fmt::format("expected a whole number from 1 to {} for {}", most, binding.provider.kind);
    binding.diagnostics.add(written->second.place, written->second.at,
                            fmt::format("provider.per_page is {}: {}", size, hint), hint);
  }
}

}  // namespace

std::string default_of(const JobKey& key, const Provider& provider) {
  const std::map<std::string_view, int> numbers{
      {"provider.per_page", provider.resources.front()->routes.front().most},
      {"limits.concurrent", provider.limits.concurrent},
      {"limits.requests_per_minute", provider.limits.requests_per_minute},
      {"limits.response_seconds_per_minute", provider.limits.response_seconds_per_minute}};
  if (key.path == "provider.base_url") return std::string(provider.default_url);
  if (key.path == "provider.kind") return std::string(providers().front()->kind);
  const auto number = numbers.find(key.path);
  return number != numbers.end() ? std::to_string(number->second) : std::string(key.default_text);
}

const Provider& provider_in(const Node& root) {
  const Node* kind = child_of(child_of(&root, "provider"), "kind");
  const Provider* named = kind == nullptr ? nullptr : find_provider(kind->text);
  return named == nullptr ? *providers().front() : *named;
}

void complete_provider(const Node& root, Binding& binding) {
  require_url(root, binding);
  bound_page_size(binding);
  Job::Limits& limits = binding.job.limits;
  const LimitDefaults& defaults = binding.provider.limits;
  if (!is_written(binding, "limits.concurrent")) limits.concurrent = defaults.concurrent;
  if (!is_written(binding, "limits.requests_per_minute")) {
    limits.requests_per_minute = defaults.requests_per_minute;
  }
  if (!is_written(binding, "limits.response_seconds_per_minute")) {
    limits.response_seconds_per_minute = defaults.response_seconds_per_minute;
  }
}

}  // namespace repopipe
