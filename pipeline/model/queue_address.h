// Where a queue is: redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME], after the
// provisional registration of the scheme with IANA.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

struct QueueAddress {
  std::string host{};
  int port = 6379;
  std::string user{};
  std::string password{};
  std::string encoded_password{};  // as it stood in the text
  int database = 0;
  std::string prefix = "repopipe";  // of all keys, for servers that others use too

  // For people: without user and password.
  std::string shown() const;
};

struct ParsedQueueAddress {
  QueueAddress address{};
  std::string complaint{};  // "expected ...", without the address; empty: it is good
};

ParsedQueueAddress parse_queue_address(std::string_view text);

}  // namespace repopipe
