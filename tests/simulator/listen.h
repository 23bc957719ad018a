// Sockets and limits of the process.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/events.h"

namespace repopipe::simulator {

// Accepts connections for `http` on the address, with a backlog for thousands; the port it got
// (`port` 0: a free one).  Throws CannotCreate when the port is taken, BadUsage when the address is
// none.
std::uint16_t listen_on(event_base& base, evhttp& http, const std::string& address,
                        std::uint16_t port);

// As many open descriptors as the hard limit allows: each connection takes one.
void raise_descriptor_limit();

}  // namespace repopipe::simulator
