// ETags as GitHub forms them: for one body they differ by Accept and by the value of Authorization.
// Used by Answerer.  Threading: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/simulator/request.h"

namespace repopipe::simulator {

// `digest` is that of the body, stored with the page, so that the body is not read again.
std::string entity_tag(std::uint64_t digest, const Request& request);

// Whether If-None-Match is "*" or contains exactly this ETag, with W/ and quotes. RFC 9110, 13.1.2
// allows a weak comparison; the tests must notice a client that omits W/.
bool lists(std::string_view if_none_match, std::string_view etag);

}  // namespace repopipe::simulator
