// RAII types for libevent's handles.
#pragma once

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include <memory>

namespace repopipe::simulator {

struct FreeEvent {
  void operator()(event_base* base) const { event_base_free(base); }
  void operator()(event* one) const { event_free(one); }
  void operator()(evhttp* http) const { evhttp_free(http); }
  void operator()(evbuffer* buffer) const { evbuffer_free(buffer); }
};

using EventBase = std::unique_ptr<event_base, FreeEvent>;
using Event = std::unique_ptr<event, FreeEvent>;
using Buffer = std::unique_ptr<evbuffer, FreeEvent>;
using HttpServer = std::unique_ptr<evhttp, FreeEvent>;

}  // namespace repopipe::simulator
