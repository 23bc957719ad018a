// An HTTP/2 server with TLS on loopback that misbehaves as a test requires.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/testing/loopback_server.h"

using SSL_CTX = struct ssl_ctx_st;
using SSL = struct ssl_st;

namespace repopipe::testing {

enum class H2Act {
  answer,      // 200 and an empty list
  keep_quiet,  // nothing, on this stream
  calm,        // ends the stream: ENHANCE_YOUR_CALM
  go_away,     // ends the connection: GOAWAY, ENHANCE_YOUR_CALM
};

// For tests of single exchanges, not for load.
class H2Server {
 public:
  // What becomes of a request: the number of its connection, and its own number there, from 1.
  using Choose = std::function<H2Act(int connection, int request)>;

  explicit H2Server(Choose choose);
  ~H2Server();
  H2Server(const H2Server&) = delete;
  H2Server& operator=(const H2Server&) = delete;

  std::string base_url() const;
  // A file with its certificate; of the server's life.
  const std::filesystem::path& ca_file() const { return ca_file_; }
  int connections() const { return server_->connections(); }

 private:
  void serve(int socket, int number);
  bool take_frame(SSL* connection, int number, int& requests);

  Choose choose_;
  std::filesystem::path ca_file_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::optional<LoopbackServer> server_;  // last
};

}  // namespace repopipe::testing
