#include "pipeline/vanishing.h"

namespace repopipe {
namespace {

constexpr std::uint64_t kFewMissing = 20;

}  // namespace

std::optional<std::string> too_many_vanished(const RunTotals& totals, double most) {
  const auto allowed = most * static_cast<double>(totals.known);
  const bool is_few =
      totals.vanished < kFewMissing || static_cast<double>(totals.vanished) <= allowed;
  if (is_few) return std::nullopt;
  return std::to_string(totals.vanished) + " of " + std::to_string(totals.known) +
         " known users are gone, more than run.max_vanished allows; none was marked as gone. Do "
         "provider.base_url and the tokens still see them?";
}

}  // namespace repopipe
