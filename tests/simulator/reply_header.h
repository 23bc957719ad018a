// What a test reads of a reply.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulator/reply.h"

namespace repopipe::simulator {

// Empty: there is no such header.
inline std::string header(const Reply& reply, std::string_view name) {
  for (const Header& one : reply.headers) {
    if (one.name == name) return one.value;
  }
  return "";
}

}  // namespace repopipe::simulator
