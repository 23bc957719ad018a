#include "pipeline/model/run.h"

#include <fmt/format.h>

#include <charconv>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"

namespace repopipe {
namespace {

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

namespace {

constexpr std::uint64_t kFewMissing = 20;

}  // namespace

std::optional<std::string> too_many_vanished(const Vanishing& vanishing, double most) {
  const auto& [noun, known, missing] = vanishing;
  const auto allowed = most * static_cast<double>(known);
  const bool is_none_left = missing > 0 && missing >= known;
  const bool is_many = missing >= kFewMissing && static_cast<double>(missing) > allowed;
  if (most >= 1 || (!is_none_left && !is_many)) return std::nullopt;
  return fmt::format(
      "{} of {} known {} are gone, more than run.max_vanished allows; none was "
      "marked as gone",
      show(missing), show(known), noun);
}

std::string_view name_of(WaitCause cause) {
  switch (cause) {
    case WaitCause::quota:
      return "quota";
    case WaitCause::secondary:
      return "secondary";
    case WaitCause::pace:
      return "pace";
    case WaitCause::response_time:
      return "response_time";
    case WaitCause::network:
      return "network";
    case WaitCause::queue:
      return "queue";
    case WaitCause::retry:
      return "retry";
  }
  return "";
}

void RunTimes::take_busy(const RunTimes& other) {
  fetch_busy = other.fetch_busy;
  parse_busy = other.parse_busy;
  store_busy = other.store_busy;
  plan_busy = other.plan_busy;
}

std::string_view name_of(RunStatus status) {
  switch (status) {
    case RunStatus::running:
      return "running";
    case RunStatus::complete:
      return "complete";
    case RunStatus::incomplete:
      return "incomplete";
    case RunStatus::interrupted:
      return "interrupted";
    case RunStatus::deadline:
      return "deadline";
    case RunStatus::limited:
      return "limited";
    case RunStatus::failed:
      return "failed";
  }
  return "";
}

}  // namespace repopipe
