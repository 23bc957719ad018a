// The GitHub simulator as a process of its own, on a free port, for as long as the object lives.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"

namespace repopipe::e2e {

class Simulator {
 public:
  // Returns once it listens.  `options` besides the port.
  explicit Simulator(std::vector<std::string> options);
  ~Simulator();

  const std::string& base_url() const { return base_url_; }

  // Ends it.  What it has to say of its clients' manners; see tests/simulator/README.md.
  nlohmann::json report();
  // Ends it.  One object for each request, in order.
  std::vector<nlohmann::json> requests();

 private:
  TempFolder folder_;
  Process process_;
  std::string base_url_;
};

// The logins of a simulator with these options, in its order.
std::vector<std::string> simulated_logins(std::vector<std::string> options);

}  // namespace repopipe::e2e
