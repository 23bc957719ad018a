// What a fuzz target says when a property does not hold: one line, then the end that libFuzzer
// records as a finding.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace repopipe::fuzz {

// `shown` is the value that broke it, if it helps.
inline void require(bool holds, std::string_view property, std::string_view shown = {}) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %.*s\n  %.*s\n", static_cast<int>(property.size()),
               property.data(), static_cast<int>(shown.size()), shown.data());
  std::abort();
}

// Messages go to terminals and logs: one line, no control characters.
inline void require_line(std::string_view message) {
  require(!message.empty(), "a message says something");
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    require(byte >= 0x20 && byte != 0x7f, "a message is one line without control characters",
            message);
  }
}

inline std::string_view text_of(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace repopipe::fuzz
