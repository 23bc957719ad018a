// What the simulator looks at in a request.
#pragma once

#include <string_view>

namespace repopipe::simulator {

enum class Method { get, other };

// Views into the HTTP server's memory: valid until the request is answered.  Headers that are not
// there are empty.
struct Request {
  Method method = Method::get;
  std::string_view target{}, host{}, user_agent{};
  std::string_view accept{}, accept_encoding{}, authorization{}, if_none_match{};
};

}  // namespace repopipe::simulator
