#include "tests/simulator/delivery.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sys/socket.h>

#include <memory>
#include <string>

#include "tests/simulator/events.h"

namespace repopipe::simulator {
namespace {

// Appends the body without copying it; the page lives until it is written.
void attach(evbuffer* out, const std::shared_ptr<const std::string>& body) {
  if (!body || body->empty()) return;
  auto* keep = new std::shared_ptr<const std::string>(body);
  const auto release = [](const void*, std::size_t, void* kept) {
    delete static_cast<std::shared_ptr<const std::string>*>(kept);
  };
  evbuffer_add_reference(out, body->data(), body->size(), release, keep);
}

void add_headers(evhttp_request* request, const Response& response) {
  evkeyvalq* headers = evhttp_request_get_output_headers(request);
  evhttp_add_header(headers, "Server", "repopipe-simulator");
  for (const Header& header : response.headers) {
    evhttp_add_header(headers, header.name, header.value.c_str());
  }
}

}  // namespace

void send_whole(evhttp_request* request, const Response& response) {
  add_headers(request, response);
  attach(evhttp_request_get_output_buffer(request), response.body);
  evhttp_send_reply(request, response.status, response.reason, nullptr);
}

void send_headers(evhttp_request* request, const Response& response) {
  add_headers(request, response);
  // With a length, libevent does not use chunks.
  evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Length",
                    std::to_string(response.body->size()).c_str());
  evhttp_send_reply_start(request, response.status, response.reason);
}

void send_piece(evhttp_request* request, const Response& response, std::size_t first,
                std::size_t size) {
  const Buffer piece(evbuffer_new());
  evbuffer_add(piece.get(), response.body->data() + first, size);
  evhttp_send_reply_chunk(request, piece.get());
}

void hang_up(evhttp_request* request) {
  evhttp_connection_free(evhttp_request_get_connection(request));
}

void reset(evhttp_request* request) {
  bufferevent* buffer = evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
  // Not SO_LINGER: libevent shuts a socket down in an orderly way before closing it.
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  connect(bufferevent_getfd(buffer), &nobody, sizeof nobody);
  hang_up(request);
}

}  // namespace repopipe::simulator
