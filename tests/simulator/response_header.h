// What a test reads of a response.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulator/response.h"

namespace repopipe::simulator {

// Empty: there is no such header.
inline std::string header(const Response& response, std::string_view name) {
  for (const Header& one : response.headers) {
    if (one.name == name) return one.value;
  }
  return "";
}

}  // namespace repopipe::simulator
