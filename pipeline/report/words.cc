#include "pipeline/report/words.h"

#include <fmt/format.h>

#include "pipeline/base/units.h"

namespace repopipe {
namespace {

std::string moment(WallTime time) {
  const std::string text = to_iso8601(time);
  return text.substr(0, text.find('.')) + 'Z';
}

WallTime before(WallTime now, Duration lasted) {
  return now - std::chrono::duration_cast<std::chrono::milliseconds>(lasted);
}

}  // namespace

std::string words_of(const Notice& say, std::optional<WallTime> goes_on, WallTime now,
                     Verbosity verbosity) {
  if (say.weight == Severity::remark && verbosity == Verbosity::warnings) return {};
  std::string line = "repopipe: ";
  if (say.weight == Severity::warning) line += "warning: ";
  line += say.text;
  if (say.lasted) line += fmt::format("; since {}", moment(before(now, *say.lasted)));
  if (goes_on && *goes_on > now) {
    line += fmt::format("{} {}, in {}", say.lasted ? ", tried again at" : "; goes on at",
                        moment(*goes_on), show_rounded(*goes_on - now));
  }
  return line + '\n';
}

}  // namespace repopipe
