// A response as a value, and the responses that do not depend on a listing.
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
  // Null: none.  Shared with the page cache.
  std::shared_ptr<const std::string> body{};
  std::optional<Wait> wait{};  // the wait that a rate limit asks for
};

Response json_response(int status, const char* reason, std::string_view body);
Response html_response(int status, const char* reason, std::string_view body);

// GitHub's error object; `message` needs no escapes.
Response message_response(int status, const char* reason, std::string_view message,
                          std::string_view documentation = "https://docs.github.com/rest");

Response not_found();

// GitHub's response to a request without User-Agent.
Response no_user_agent();

// For a token that is wrong or expired, and for a missing token.
Response bad_credentials();
Response requires_authentication();

Response moved_permanently(const std::string& location);
Response found_elsewhere(const std::string& location);

// GitHub's outage page, in HTML.
Response unicorn(int status, const char* reason);
Response server_error();

// One of the forms of GitHub's outages: 500 with JSON, 502 and 503 with HTML; selected by `draw`.
Response outage(std::uint64_t draw);

}  // namespace repopipe::simulator
