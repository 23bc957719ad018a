#include "pipeline/job/numbers.h"

#include <charconv>
#include <string_view>

namespace repopipe {
namespace {

std::string_view without_plus(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text;
}

}  // namespace

std::optional<std::int64_t> whole_number(const Node& node) {
  if (node.kind != NodeKind::integer) return std::nullopt;
  std::string_view text = without_plus(node.text);
  const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 10;
  if (base != 10) text.remove_prefix(2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> real_number(const Node& node) {
  if (const auto whole = whole_number(node)) return static_cast<double>(*whole);
  if (node.kind != NodeKind::number) return std::nullopt;
  const std::string_view text = without_plus(node.text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace repopipe
