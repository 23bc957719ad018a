#include "tests/simulator/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace repopipe::simulator {
namespace {

std::size_t content_length(const std::string& headers) {
  const std::size_t found = headers.find("\r\nContent-Length: ");
  return found == std::string::npos ? 0 : std::stoul(headers.substr(found + 18));
}

}  // namespace

Connection::Connection(std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

Connection::~Connection() {
  if (socket_ >= 0) close(socket_);
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), pending_(std::move(other.pending_)) {}

void Connection::send(const std::string& text) {
  if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) < 0) {
    throw std::runtime_error("cannot send");
  }
}

void Connection::send_get(const std::string& target, const std::string& more) {
  send("GET " + target + " HTTP/1.1\r\nHost: h.test\r\nUser-Agent: tests\r\n" + more + "\r\n");
}

Received Connection::receive() {
  std::string text = std::exchange(pending_, "");
  std::size_t body = std::string::npos, end = std::string::npos;
  while (text.size() < end) {
    if (body == std::string::npos) {
      const std::size_t found = text.find("\r\n\r\n");
      if (found != std::string::npos) {
        body = found + 4;
        end = body + content_length(text.substr(0, body));
        continue;
      }
    }
    char buffer[65536];
    const ssize_t count = read(socket_, buffer, sizeof buffer);
    if (count <= 0) return {};
    text.append(buffer, static_cast<std::size_t>(count));
  }
  pending_ = text.substr(end);
  return {.status = std::stoi(text.substr(9, 3)),
          .headers = text.substr(0, body),
          .body = text.substr(body, end - body)};
}

Broken Connection::receive_broken() {
  Broken broken{.text = std::exchange(pending_, "")};
  for (;;) {
    char buffer[65536];
    const ssize_t count = read(socket_, buffer, sizeof buffer);
    broken.reset = count < 0 && errno == ECONNRESET;
    if (count <= 0) return broken;
    broken.text.append(buffer, static_cast<std::size_t>(count));
  }
}

std::string Connection::receive_some() {
  char buffer[65536];
  const ssize_t count = read(socket_, buffer, sizeof buffer);
  return std::string(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
}

Received get(std::uint16_t port, const std::string& target, const std::string& more) {
  Connection connection(port);
  connection.send_get(target, more);
  return connection.receive();
}

}  // namespace repopipe::simulator
