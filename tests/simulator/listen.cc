#include "tests/simulator/listen.h"

#include <arpa/inet.h>
#include <event2/listener.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "tests/simulator/errors.h"

namespace repopipe::simulator {
namespace {

constexpr int kBacklog = 4096;

}  // namespace

std::uint16_t listen_on(event_base& base, evhttp& http, const std::string& address,
                        std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1) {
    throw BadUsage(fmt::format("--bind {}: not an IPv4 address", address));
  }
  evconnlistener* listener = evconnlistener_new_bind(
      &base, nullptr, nullptr, LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE,
      kBacklog, reinterpret_cast<sockaddr*>(&name), sizeof name);
  if (listener == nullptr) {
    throw CannotCreate(
        fmt::format("cannot listen on {}:{}: {}", address, port, std::strerror(errno)));
  }
  const int socket = evconnlistener_get_fd(listener);
  // Accepted sockets inherit it: the last piece of a page must not wait for an ACK.
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socklen_t length = sizeof name;
  getsockname(socket, reinterpret_cast<sockaddr*>(&name), &length);
  evhttp_bind_listener(&http, listener);  // owns the listener from here on
  return ntohs(name.sin_port);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace repopipe::simulator
