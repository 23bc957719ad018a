#include "tests/testing/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace repopipe::testing {

HttpServer::HttpServer(Answer answer)
    : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
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

HttpServer::~HttpServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int connection : open_) shutdown(connection, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
}

std::string HttpServer::base_url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::listen_loop() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    ++connections_;
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(connection);
    }
    workers_.emplace_back([this, connection] { serve(connection); });
  }
}

void HttpServer::serve(int connection) {
  std::string input;
  char chunk[4096];
  bool open = true;
  while (open) {
    const auto got = recv(connection, chunk, sizeof(chunk), 0);
    if (got <= 0) break;
    input.append(chunk, static_cast<std::size_t>(got));
    std::size_t end = 0;
    while (open && (end = input.find("\r\n\r\n")) != std::string::npos) {
      const std::string head = input.substr(0, end + 2);
      input.erase(0, end + 4);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(head);
      }
      const std::string answer = answer_(head);
      open = !answer.empty() &&
             send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) ==
                 static_cast<ssize_t>(answer.size()) &&
             answer.find("Connection: close") == std::string::npos;
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, connection);
  close(connection);
}

std::string reply(const std::string& status_line, const std::string& headers,
                  const std::string& body) {
  return "HTTP/1.1 " + status_line + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace repopipe::testing
