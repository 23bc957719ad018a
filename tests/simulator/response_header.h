// Reads a header of a response in tests.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulator/response.h"

namespace repopipe::simulator {

// Empty: there is none.
inline std::string header(const Response& response, std::string_view name) {
  for (const Header& one : response.headers) {
    if (one.name == name) return one.value;
  }
  return "";
}

}  // namespace repopipe::simulator
