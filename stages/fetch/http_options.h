// What every exchange of an engine has in common.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"

namespace repopipe {

struct HttpOptions {
  std::string base_url;              // what follows is always a path of its host
  std::vector<std::string> headers;  // "Name: value", sent with every request
  std::vector<std::string> tokens;   // by principal; none: requests are anonymous
  std::string user_agent;
  std::optional<std::filesystem::path> ca_file;  // instead of the system's certificates
  std::chrono::milliseconds timeout{30'000};     // of a whole exchange
  Bytes max_body;                                // as received
  int concurrency = 8;                           // exchanges at the same time
  // Takes a line about what the machine does not allow, while the engine is made.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

}  // namespace repopipe
