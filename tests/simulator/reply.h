// A reply as values, and the replies that do not depend on any listing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace repopipe::simulator {

struct Header {
  const char* name;  // a literal
  std::string value;
};

struct Reply {
  int status = 200;
  const char* reason = "OK";  // a literal
  std::vector<Header> headers;
  std::shared_ptr<const std::string>
      body;  // null: none.  Shared with the page cache, never copied.
};

Reply not_found();

// What GitHub says to a request without User-Agent.
Reply no_user_agent();

// One of the shapes GitHub's outages have: 500 with JSON, 502 and 503 with HTML; `draw` chooses.
Reply outage(std::uint64_t draw);

}  // namespace repopipe::simulator
