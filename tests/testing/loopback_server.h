// Connections on a free port of loopback, each served on a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace repopipe::testing {

class LoopbackServer {
 public:
  // Gets a socket, which it must not close, and the number of the connection, from 1.
  using Serve = std::function<void(int socket, int number)>;

  explicit LoopbackServer(Serve serve);
  // Closes all connections and waits until `serve` returns.
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  // So far.
  int connections() const { return connections_; }

 private:
  void listen_loop();
  void serve(int socket, int number);

  Serve serve_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> open_;             // guarded by mutex_
  std::vector<std::thread> workers_;  // of the listening thread until it has ended
  std::thread thread_;
};

}  // namespace repopipe::testing
