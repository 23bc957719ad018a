// Writes a response to its connection: completely, in pieces, or not at all.  Used by Server.
// Threading: the thread of the event loop.
#pragma once

#include <event2/http.h>

#include <cstddef>

#include "tests/simulator/response.h"

namespace repopipe::simulator {

// Returns the request to libevent; it must not be used any more.  The body is not copied: the page
// lives until it is written.
void send_whole(evhttp_request* request, const Response& response);

// Writes the headers with the length of the whole body; send_piece() writes the body.
void send_headers(evhttp_request* request, const Response& response);
void send_piece(evhttp_request* request, const Response& response, std::size_t first,
                std::size_t size);

// Both free the request.  Do not call them from the callback that announces it.
void hang_up(evhttp_request* request);
// With RST, so that the client gets "connection reset by peer".
void reset(evhttp_request* request);

}  // namespace repopipe::simulator
