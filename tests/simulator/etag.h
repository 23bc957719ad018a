// Validators as GitHub forms them: one and the same body has another for another Accept and for
// another exact value of Authorization.  Used by Answerer.  Threading: pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/simulator/request.h"

namespace repopipe::simulator {

// `digest` is the body's, which is kept with the page: a validator for another token costs no look
// at the body.
std::string entity_tag(std::uint64_t digest, const Request& request);

// Whether the value of If-None-Match is "*" or lists exactly this validator, W/ and quotes
// included. RFC 9110, 13.1.2 would let W/ be left out; a client that leaves it out is to be
// noticed.
bool lists(std::string_view if_none_match, std::string_view etag);

}  // namespace repopipe::simulator
