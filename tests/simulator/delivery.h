// How a response gets onto its connection: whole, in pieces, or not at all.  Used by Server.
// Threading: the event loop's.
#pragma once

#include <event2/http.h>

#include <cstddef>

#include "tests/simulator/response.h"

namespace repopipe::simulator {

// The request is the HTTP server's again, and must not be touched any more.  The body is not
// copied: the page stays alive until it is written.
void send_whole(evhttp_request* request, const Response& response);

// The headers, with the length of the whole body; the body follows by send_piece().
void send_headers(evhttp_request* request, const Response& response);
void send_piece(evhttp_request* request, const Response& response, std::size_t first,
                std::size_t size);

// Both free the request.  Not from within the callback that announces it.
void hang_up(evhttp_request* request);
// With a reset, so that the client sees "connection reset by peer" and not an orderly end.
void reset(evhttp_request* request);

}  // namespace repopipe::simulator
