// A reply as values, and the replies that do not depend on any listing.
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

struct Reply {
  int status = 200;
  const char* reason = "OK";  // a literal
  std::vector<Header> headers{};
  // Null: none.  Shared with the page cache, never copied.
  std::shared_ptr<const std::string> body{};
  std::optional<Wait> wait{};  // what a limiting reply asks for
};

Reply json_reply(int status, const char* reason, std::string_view body);
Reply html_reply(int status, const char* reason, std::string_view body);

// GitHub's error object; `message` needs no escapes.
Reply message_reply(int status, const char* reason, std::string_view message,
                    std::string_view documentation = "https://docs.github.com/rest");

Reply not_found();

// What GitHub says to a request without User-Agent.
Reply no_user_agent();

// To a token that is wrong or has expired, and to a request that needs one.
Reply bad_credentials();
Reply requires_authentication();

Reply moved_permanently(const std::string& location);
Reply found_elsewhere(const std::string& location);

// GitHub's page of an outage, in HTML.
Reply unicorn(int status, const char* reason);
Reply server_error();

// One of the shapes GitHub's outages have: 500 with JSON, 502 and 503 with HTML; `draw` chooses.
Reply outage(std::uint64_t draw);

}  // namespace repopipe::simulator
