#include "pipeline/model/shard.h"

#include <charconv>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

// Digits and nothing else.
std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || behind != end) return std::nullopt;
  return number;
}

}  // namespace

bool Shard::holds(std::string_view login) const {
  if (is_whole()) return true;
  Fnv1a hash;
  hash.add(fold_case(login));
  return spread(hash.value()) % count == number - 1;
}

std::string Shard::name() const {
  return std::to_string(number) + "/" + std::to_string(count);
}

std::optional<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto number = parse_number(text.substr(0, slash));
  const auto count = parse_number(text.substr(slash + 1));
  if (!number || !count || *number < 1 || *number > *count || *count > Shard::kMost) {
    return std::nullopt;
  }
  return Shard{*number, *count};
}

}  // namespace repopipe
