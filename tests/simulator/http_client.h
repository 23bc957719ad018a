// A minimal HTTP client for tests, which see all bytes.
#pragma once

#include <cstdint>
#include <string>

namespace repopipe::simulator {

struct Received {
  int status = 0;  // 0: the connection ended without a response
  std::string headers, body;
};

// All bytes until the connection ended.
struct Broken {
  std::string text;
  bool reset = false;  // ended with "connection reset by peer"
  bool operator==(const Broken&) const = default;
};

// One connection to 127.0.0.1.  Threading: one thread.
class Connection {
 public:
  explicit Connection(std::uint16_t port);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A GET with Host and User-Agent; `more` has further header lines, each with its line end.
  void send_get(const std::string& target, const std::string& more = "");
  void send(const std::string& text);
  Received receive();
  Broken receive_broken();
  std::string receive_some();  // the result of one read

 private:
  int socket_;
  std::string pending_;  // received, but part of the next response
};

// One request on a new connection.
Received get(std::uint16_t port, const std::string& target, const std::string& more = "");

}  // namespace repopipe::simulator
