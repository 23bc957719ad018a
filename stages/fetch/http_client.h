// The options, sockets and proxy login that both HTTP clients share.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"

namespace repopipe {
struct HttpOptions {
  std::string base_url;              // tasks only have paths below it
  std::vector<std::string> headers;  // "Name: value", sent with every request
  std::vector<std::string> tokens;   // by principal; empty: requests are anonymous
  std::string user_agent;
  std::optional<std::filesystem::path> ca_file;  // replaces the system's certificates
  std::chrono::milliseconds timeout{30'000};     // of a whole request
  Bytes max_body;                                // compressed
  int concurrency = 8;                           // concurrent requests
  // Called with lines about limits of the machine, while the client is constructed.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

// The HTTP clients.  A new one is a file in this folder and a function here.

// One thread for all requests.  `clock` must outlive it.
std::unique_ptr<HttpClient> make_event_loop_engine(HttpOptions options, const Clock& clock);

// One thread per request.  `clock` must outlive it.
std::unique_ptr<HttpClient> make_threads_engine(HttpOptions options, const Clock& clock);

// The sockets of libcurl: opening them, closing dead ones, and the reasons of servers for closing
// them. One object per client; it must outlive libcurl's connections.

// The errno of opening a socket now; 0: it works.
int error_of_new_socket();

// A failure if `error` is a limit of this machine: open files or kernel memory.
std::optional<Failure> limit_of_sockets(int error);

// Threading: any thread.
class Connections {
 public:
  // Opens a socket; -1 and errno on failure.
  int open(int family, int type, int protocol) noexcept;
  void close(int socket) noexcept;

  // Shuts the connection with this local port down if nothing was received for that time: its
  // requests fail, and libcurl opens another one.  libcurl closes the socket.
  void end_if_silent(int local_port, std::chrono::milliseconds silence);

  // Records the HTTP/2 error code of a GOAWAY.
  void take_goaway(int error, Time now) noexcept;
  // The last error code, if it came at or after `time`.
  std::optional<int> goaway_since(Time time) const;

 private:
  mutable Mutex mutex_;
  std::vector<int> sockets_ GUARDED_BY(mutex_);  // open
  Time goaway_at_ GUARDED_BY(mutex_) = Time::min();
  int goaway_ GUARDED_BY(mutex_) = 0;
};

// The login at a proxy.  A rejected login is not retried quickly, because that locks accounts.
// Used by both clients.

// Whether the environment names a proxy with a user for this address, see https_proxy in
// docs/job-file.md.  May be true for a host in no_proxy.
bool has_proxy_login(const std::string& base_url);

// The failure for HTTP 407, without user and password.
Failure proxy_login_refused();

// The state of the login in one client.  Threading: any thread.
class ProxyLogin {
 public:
  // `is_set`: result of has_proxy_login().
  explicit ProxyLogin(bool is_set) : is_doubtful_(is_set) {}

  // Whether the login is not confirmed yet; then only one request may be in flight.
  bool is_doubtful() const { return is_doubtful_; }
  // Call it for a response through the proxy, or if there is none.
  void accepted() {
    if (is_doubtful_) is_doubtful_ = false;
  }
  void refused(Time now);
  // Set: no request may be sent now.
  std::optional<Failure> objection(Time now) const;

 private:
  std::atomic<bool> is_doubtful_;
  std::atomic<Time> refused_until_{Time::min()};
};

}  // namespace repopipe
