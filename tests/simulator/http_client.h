// Just enough of an HTTP client for the tests: what is sent and what comes back are seen byte for
// byte.
#pragma once

#include <cstdint>
#include <string>

namespace repopipe::simulator {

struct Received {
  int status = 0;  // 0: the connection ended without a response
  std::string headers, body;
};

// What came until the connection ended, headers and all.
struct Broken {
  std::string text;
  bool reset = false;  // it ended with "connection reset by peer"
  bool operator==(const Broken&) const = default;
};

// One connection to 127.0.0.1.  Not for use by several threads.
class Connection {
 public:
  explicit Connection(std::uint16_t port);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A GET with Host and User-Agent; `more` are further header lines, each with its line end.
  void send_get(const std::string& target, const std::string& more = "");
  void send(const std::string& text);
  Received receive();
  Broken receive_broken();
  std::string receive_some();  // one read's worth

 private:
  int socket_;
  std::string pending_;  // read, but of the next response
};

// One request on a connection of its own.
Received get(std::uint16_t port, const std::string& target, const std::string& more = "");

}  // namespace repopipe::simulator
