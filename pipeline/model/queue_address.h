// The address of a queue: redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME], as
// provisionally registered with IANA.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

struct QueueAddress {
  std::string host{};
  int port = 6379;
  std::string user{};
  std::string password{};
  std::string encoded_password{};  // as written in the address
  int database = 0;
  std::string prefix = "repopipe";  // of all keys, for servers that are shared

  // Without user and password.
  std::string shown() const;
};

struct ParsedQueueAddress {
  QueueAddress address{};
  std::string complaint{};  // "expected ...", without the address; empty: the address is valid
};

ParsedQueueAddress parse_queue_address(std::string_view text);

}  // namespace repopipe
