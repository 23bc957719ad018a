#include "tests/simulator/request_view.h"

#include <event2/keyvalq_struct.h>

#include <string_view>

namespace repopipe::simulator {

const char* method_name(const evhttp_request* request) {
  switch (evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
      return "GET";
    case EVHTTP_REQ_POST:
      return "POST";
    case EVHTTP_REQ_HEAD:
      return "HEAD";
    case EVHTTP_REQ_PUT:
      return "PUT";
    case EVHTTP_REQ_DELETE:
      return "DELETE";
    case EVHTTP_REQ_OPTIONS:
      return "OPTIONS";
    case EVHTTP_REQ_TRACE:
      return "TRACE";
    case EVHTTP_REQ_CONNECT:
      return "CONNECT";
    case EVHTTP_REQ_PATCH:
      return "PATCH";
  }
  return "";
}

Request view_of(evhttp_request* raw) {
  const evkeyvalq* headers = evhttp_request_get_input_headers(raw);
  const auto header = [&](const char* name) -> std::string_view {
    const char* value = evhttp_find_header(headers, name);
    return value == nullptr ? "" : value;
  };
  const bool get = evhttp_request_get_command(raw) == EVHTTP_REQ_GET;
  const char* target = evhttp_request_get_uri(raw);
  return {.method = get ? Method::get : Method::other,
          .target = target == nullptr ? "" : target,
          .host = header("Host"),
          .user_agent = header("User-Agent"),
          .accept = header("Accept"),
          .accept_encoding = header("Accept-Encoding"),
          .authorization = header("Authorization"),
          .if_none_match = header("If-None-Match")};
}

}  // namespace repopipe::simulator
