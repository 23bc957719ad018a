#include "tests/testing/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace repopipe::testing {

LoopbackServer::LoopbackServer(Serve serve)
    : serve_(std::move(serve)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, length) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, generic, &length) != 0) {
    throw std::runtime_error("no loopback port");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { listen_loop(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
}

void LoopbackServer::listen_loop() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int number = ++connections_;
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(socket);
    }
    workers_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void LoopbackServer::serve(int socket, int number) {
  serve_(socket, number);
  const std::lock_guard lock(mutex_);
  std::erase(open_, socket);
  close(socket);
}

}  // namespace repopipe::testing
