// An HTTP server on loopback whose responses are written by the test, byte for byte.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "tests/testing/loopback_server.h"

namespace repopipe::testing {

// For tests of single exchanges, not for load.
class HttpServer {
 public:
  // Gets the head of a request (request line and headers) and returns the response as bytes; an
  // empty one closes the connection.
  using Answer = std::function<std::string(const std::string& head)>;

  explicit HttpServer(Answer answer);

  std::string base_url() const;
  // The heads of all requests so far.
  std::vector<std::string> requests() const;
  int connections() const { return server_.connections(); }

 private:
  void serve(int connection);

  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;  // guarded by mutex_
  LoopbackServer server_;              // last
};

// A complete response with Content-Length.
std::string response(const std::string& status_line, const std::string& headers,
                     const std::string& body);

}  // namespace repopipe::testing
