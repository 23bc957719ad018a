// A real HTTP server on loopback whose answers a test writes by hand, byte for byte.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace repopipe::testing {

// Listens on a free port; a thread a connection.  For tests of single exchanges, not for load.
class HttpServer {
 public:
  // Gets the head of a request (request line and headers) and returns the whole reply as bytes;
  // an empty one closes the connection without a word.
  using Answer = std::function<std::string(const std::string& head)>;

  explicit HttpServer(Answer answer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string base_url() const;
  // The heads of all requests so far.
  std::vector<std::string> requests() const;
  int connections() const { return connections_; }

 private:
  void listen_loop();
  void serve(int connection);

  Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;  // guarded by mutex_
  std::vector<int> open_;              // guarded by mutex_
  std::vector<std::thread> workers_;   // of the listening thread until it has ended
  std::thread thread_;
};

// A complete reply with Content-Length.
std::string reply(const std::string& status_line, const std::string& headers,
                  const std::string& body);

}  // namespace repopipe::testing
