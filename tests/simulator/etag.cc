#include "tests/simulator/etag.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

}  // namespace

std::string entity_tag(std::uint64_t digest, const Request& request) {
  const std::uint64_t variant = mix(hash_of(request.accept), hash_of(request.authorization));
  return fmt::format("W/\"{:016x}{:016x}\"", mix(digest, variant), mix(variant, digest));
}

bool lists(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t end = std::min(if_none_match.find(','), if_none_match.size());
    const std::string_view one = trimmed(if_none_match.substr(0, end));
    if (one == etag || one == "*") return true;
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
  }
  return false;
}

}  // namespace repopipe::simulator
