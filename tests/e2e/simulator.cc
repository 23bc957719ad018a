#include "tests/e2e/simulator.h"

#include <signal.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace repopipe::e2e {
namespace {

Program program(std::vector<std::string> options) {
  options.insert(options.begin(), simulator_binary().string());
  return {.arguments = std::move(options)};
}

Program program(std::vector<std::string> options, const TempFolder& folder) {
  for (const char* word : {"--report", "--log"}) {
    if (std::ranges::count(options, word) > 0) continue;  // the test keeps its own
    options.insert(options.end(), {word, (folder / (word + 2)).string()});
  }
  return program(std::move(options));
}

std::string read_to_end(Process& process, const std::filesystem::path& file) {
  process.signal(SIGTERM);
  process.wait();
  return read_file(file);
}

}  // namespace

Simulator::Simulator(std::vector<std::string> options)
    : process_(program(std::move(options), folder_)) {
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

nlohmann::json Simulator::report() {
  return nlohmann::json::parse(read_to_end(process_, folder_ / "report"));
}

std::vector<nlohmann::json> Simulator::requests() {
  std::istringstream lines(read_to_end(process_, folder_ / "log"));
  std::vector<nlohmann::json> all;
  for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

std::vector<std::string> simulated_logins(std::vector<std::string> options) {
  options.emplace_back("--logins");
  std::istringstream lines(run(program(std::move(options))).out);
  std::vector<std::string> logins;
  for (std::string line; std::getline(lines, line);) logins.push_back(line);
  return logins;
}

}  // namespace repopipe::e2e
