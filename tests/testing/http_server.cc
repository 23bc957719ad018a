#include "tests/testing/http_server.h"

#include <sys/socket.h>

#include <utility>

namespace repopipe::testing {

HttpServer::HttpServer(Answer answer)
    : answer_(std::move(answer)), server_([this](int socket, int) { serve(socket); }) {}

std::string HttpServer::base_url() const {
  return "http://127.0.0.1:" + std::to_string(server_.port());
}

std::vector<std::string> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
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
}

std::string response(const std::string& status_line, const std::string& headers,
                     const std::string& body) {
  return "HTTP/1.1 " + status_line + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace repopipe::testing
