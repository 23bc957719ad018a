#include "tests/simulator/faults.h"

#include <functional>

#include "tests/simulator/random.h"

namespace repopipe::simulator {

Fault Faults::next(std::string_view target) {
  const double affected = rates_.server_error_percent + rates_.reset_percent;
  if (affected == 0) return Fault::none;
  const std::uint64_t url = mix(seed_, std::hash<std::string_view>{}(target));
  const double draw = unit_interval(url) * 100;
  if (draw >= affected || !spent_.insert(url).second) return Fault::none;
  return draw < rates_.server_error_percent ? Fault::server_error : Fault::reset;
}

}  // namespace repopipe::simulator
