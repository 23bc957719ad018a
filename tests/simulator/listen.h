// Listening sockets and limits of the process.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/events.h"

namespace repopipe::simulator {

// Accepts connections for `http` on the address and returns the port (`port` 0: any free one).
// Throws CannotCreate if the port is in use, BadUsage if the address is invalid.
std::uint16_t listen_on(event_base& base, evhttp& http, const std::string& address,
                        std::uint16_t port);

// Raises the soft limit on open files to the hard limit: each connection takes one.
void raise_descriptor_limit();

}  // namespace repopipe::simulator
