#include "pipeline/command/words.h"

#include <fmt/format.h>

#include "pipeline/core/units.h"

namespace repopipe {

std::string words_of(const Say& say, std::optional<WallTime> goes_on, WallTime now, Talk talk) {
  if (say.weight == Weight::remark && talk == Talk::warnings) return {};
  std::string line = "repopipe: ";
  if (say.weight == Weight::warning) line += "warning: ";
  line += say.text;
  if (goes_on && *goes_on > now) {
    const std::string time = to_iso8601(*goes_on);
    line += fmt::format("; goes on at {}Z, in {}", time.substr(0, time.find('.')),
                        show_rounded(*goes_on - now));
  }
  return line + '\n';
}

}  // namespace repopipe
