#include "tests/simulator/option_types.h"

#include <cstdint>
#include <map>

namespace repopipe::simulator {

void add_duration(CLI::App& app, const std::string& name, std::chrono::microseconds& value,
                  const std::string& help, Zero zero) {
  using Unit = CLI::AsNumberWithUnit;
  constexpr std::int64_t kSecond = 1'000'000;
  const std::map<std::string, std::int64_t> units = {
      {"us", 1}, {"ms", 1000}, {"s", kSecond}, {"m", 60 * kSecond}, {"h", 3600 * kSecond}};
  const std::int64_t least = zero == Zero::allowed ? 0 : 1;
  const auto set = [&value, name, least](const std::int64_t& microseconds) {
    if (microseconds < least) throw CLI::ValidationError(name, "too short");
    value = std::chrono::microseconds(microseconds);
  };
  app.add_option_function<std::int64_t>(name, set, help)
      ->transform(Unit(units, static_cast<Unit::Options>(Unit::UNIT_REQUIRED), "DURATION"))
      ->type_name("DURATION");
}

void add_percent(CLI::App& app, const std::string& name, double& value, const std::string& help) {
  app.add_option(name, value, help)->check(CLI::Range(0.0, 100.0))->type_name("PERCENT");
}

std::pair<std::string, std::string> split_pair(const std::string& name, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw CLI::ValidationError(name, "is not of the form LEFT=RIGHT: " + text);
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace repopipe::simulator
