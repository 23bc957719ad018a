#include "tests/simulator/faults.h"

#include <functional>
#include <numeric>

#include "tests/simulator/random.h"

namespace repopipe::simulator {

double FaultRates::of_urls() const {
  return server_error_percent + reset_percent + unauthorized_percent;
}

double FaultRates::of_requests() const {
  return std::accumulate(percent.begin(), percent.end(), any_percent);
}

Faults::Faults(std::uint64_t seed, const FaultRates& rates)
    : seed_(seed), rates_(rates), of_urls_(rates.of_urls()), of_requests_(rates.of_requests()) {}

Fault Faults::next(std::string_view target) {
  if (of_urls_ + of_requests_ == 0) return Fault::none;
  const std::uint64_t url = mix(seed_, std::hash<std::string_view>{}(target));
  Past& past = past_[url];
  const std::uint64_t number = past.requests++;
  Fault fault = number == 0 ? first(url) : Fault::none;
  if (fault == Fault::none && past.streak < rates_.streak) fault = any(mix(url, number));
  if (fault == Fault::unauthorized && past.unauthorized) fault = Fault::none;
  if (fault == Fault::missing && past.missing) fault = Fault::none;
  if (fault == Fault::none) {
    past = {.requests = past.requests};
    return fault;
  }
  ++past.streak;
  past.unauthorized |= fault == Fault::unauthorized;
  past.missing |= fault == Fault::missing;
  return fault;
}

Fault Faults::first(std::uint64_t url) const {
  double draw = unit_interval(url) * 100;
  if (draw >= of_urls_) return Fault::none;
  if (draw < rates_.server_error_percent) return Fault::server_error;
  draw -= rates_.server_error_percent;
  return draw < rates_.reset_percent ? Fault::reset : Fault::unauthorized;
}

Fault Faults::any(std::uint64_t hash) const {
  double draw = unit_interval(hash) * 100;
  if (draw >= of_requests_) return Fault::none;
  if (draw < rates_.any_percent) return kFaultKinds[mix(hash) % kFaultKinds.size()];
  draw -= rates_.any_percent;
  for (std::size_t i = 0; i < kFaultKinds.size(); ++i) {
    if (draw < rates_.percent[i]) return kFaultKinds[i];
    draw -= rates_.percent[i];
  }
  return Fault::none;
}

}  // namespace repopipe::simulator
