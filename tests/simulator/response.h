// A response as values, and the responses that do not depend on any listing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/wait.h"

namespace repopipe::simulator {

struct Header {
  const char* name;  // a literal
  std::string value;
};

struct Response {
  int status = 200;
  const char* reason = "OK";  // a literal
  std::vector<Header> headers{};
  // Null: none.  Shared with the page cache, never copied.
  std::shared_ptr<const std::string> body{};
  std::optional<Wait> wait{};  // what a limiting response asks for
};

Response json_response(int status, const char* reason, std::string_view body);
Response html_response(int status, const char* reason, std::string_view body);

// GitHub's error object; `message` needs no escapes.
Response message_response(int status, const char* reason, std::string_view message,
                          std::string_view documentation = "https://docs.github.com/rest");

Response not_found();

// What GitHub says to a request without User-Agent.
Response no_user_agent();

// To a token that is wrong or has expired, and to a request that needs one.
Response bad_credentials();
Response requires_authentication();

Response moved_permanently(const std::string& location);
Response found_elsewhere(const std::string& location);

// GitHub's page of an outage, in HTML.
Response unicorn(int status, const char* reason);
Response server_error();

// One of the shapes GitHub's outages have: 500 with JSON, 502 and 503 with HTML; `draw` chooses.
Response outage(std::uint64_t draw);

}  // namespace repopipe::simulator
