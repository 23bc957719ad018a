#include "stages/fetch/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace repopipe {
namespace {

int make_socket(int family, int type, int protocol) {
  return ::socket(family, type | SOCK_CLOEXEC, protocol);
}

int local_port_of(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return 0;
}

// True if the system does not say: a new connection costs little.
bool is_silent(int socket, std::chrono::milliseconds silence) {
  tcp_info info{};
  socklen_t length = sizeof(info);
  const bool is_known = getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0;
  return !is_known || std::chrono::milliseconds(info.tcpi_last_data_recv) >= silence;
}

}  // namespace

int error_of_new_socket() {
  const int socket = make_socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) return errno;
  ::close(socket);
  return 0;
}

std::optional<Failure> limit_of_sockets(int error) {
  if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM) {
    return std::nullopt;
  }
  std::string_view limit = "memory of the system";
  if (error == EMFILE) limit = "open files, see ulimit -n";
  if (error == ENFILE) limit = "open files of all programs, see fs.file-max";
  return Failure{
      FailureKind::machine_limit,
      fmt::format("no connection can be opened: {} (limit: {})", std::strerror(error), limit)};
}

// Without memory the socket is not recorded, and not closed when silent.
int Connections::open(int family, int type, int protocol) noexcept {
  const int made = make_socket(family, type, protocol);
  if (made < 0) return made;
  try {
    const Lock lock(mutex_);
    sockets_.push_back(made);
  } catch (...) {
    return made;
  }
  return made;
}

void Connections::close(int socket) noexcept {
  const Lock lock(mutex_);
  std::erase(sockets_, socket);
  ::close(socket);
}

void Connections::end_if_silent(int local_port, std::chrono::milliseconds silence) {
  const Lock lock(mutex_);
  for (const int socket : sockets_) {
    if (local_port_of(socket) == local_port && is_silent(socket, silence)) {
      shutdown(socket, SHUT_RDWR);
    }
  }
}

void Connections::take_goaway(int error, Time now) noexcept {
  const Lock lock(mutex_);
  goaway_ = error;
  goaway_at_ = now;
}

std::optional<int> Connections::goaway_since(Time time) const {
  const Lock lock(mutex_);
  if (goaway_at_ < time) return std::nullopt;
  return goaway_;
}

namespace {

// A queue worker runs for long, and the login may be corrected meanwhile.
constexpr Duration kBetweenLogins = std::chrono::minutes(10);

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

// The first variable that is set counts, as in curl.
bool has_proxy_login(const std::string& base_url) {
  const bool is_tls = base_url.starts_with("https:");
  const std::array names =
      is_tls ? std::array{"https_proxy", "HTTPS_PROXY"} : std::array{"http_proxy", "http_proxy"};
  for (const char* name : {names[0], names[1], "all_proxy", "ALL_PROXY"}) {
    const std::string_view proxy = variable(name);
    if (!proxy.empty()) return proxy.find('@') != std::string_view::npos;
  }
  return false;
}

Failure proxy_login_refused() {
  return {FailureKind::proxy_login,
          "the proxy refuses the login (HTTP 407): check the user and the password in https_proxy, "
          "http_proxy or all_proxy"};
}

void ProxyLogin::refused(Time now) {
  is_doubtful_ = true;
  refused_until_ = now + kBetweenLogins;
}

std::optional<Failure> ProxyLogin::objection(Time now) const {
  if (now >= refused_until_.load()) return std::nullopt;
  return proxy_login_refused();
}

}  // namespace repopipe
