// Converts libevent's requests to the simulator's.  Used by Server.
#pragma once

#include <event2/http.h>

#include "tests/simulator/request.h"

namespace repopipe::simulator {

// Valid until `raw` is answered.
Request view_of(evhttp_request* raw);

// "GET"; a literal.
const char* method_name(const evhttp_request* raw);

}  // namespace repopipe::simulator
