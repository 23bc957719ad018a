#include "tests/e2e/simulator.h"

#include <signal.h>

#include <sstream>
#include <stdexcept>

namespace repopipe::e2e {
namespace {

Program program(std::vector<std::string> options) {
  options.insert(options.begin(), simulator_binary().string());
  return {.arguments = std::move(options)};
}

}  // namespace

Simulator::Simulator(std::vector<std::string> options) : process_(program(std::move(options))) {
  constexpr std::string_view kReady = "listening on ";
  const std::string line = process_.read_line();
  if (!line.starts_with(kReady)) {
    throw std::runtime_error("the simulator does not listen: " + process_.wait().err);
  }
  base_url_ = line.substr(kReady.size());
}

Simulator::~Simulator() {
  process_.signal(SIGTERM);
  process_.wait();
}

std::vector<std::string> simulated_logins(std::vector<std::string> options) {
  options.emplace_back("--logins");
  std::istringstream lines(run(program(std::move(options))).out);
  std::vector<std::string> logins;
  for (std::string line; std::getline(lines, line);) logins.push_back(line);
  return logins;
}

}  // namespace repopipe::e2e
