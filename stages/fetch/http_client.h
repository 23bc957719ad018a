// What every exchange of an engine has in common.
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
  std::string base_url;              // what follows is always a path of its host
  std::vector<std::string> headers;  // "Name: value", sent with every request
  std::vector<std::string> tokens;   // by principal; none: requests are anonymous
  std::string user_agent;
  std::optional<std::filesystem::path> ca_file;  // instead of the system's certificates
  std::chrono::milliseconds timeout{30'000};     // of a whole exchange
  Bytes max_body;                                // as received
  int concurrency = 8;                           // exchanges at the same time
  // Takes a line about what the machine does not allow, while the engine is made.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

// The fetch engines.  A new one is a file beside these two and a function here.

// One thread for all exchanges.  `clock` must outlive the engine.
std::unique_ptr<HttpClient> make_event_loop_engine(HttpOptions options, const Clock& clock);

// A thread an exchange.  `clock` must outlive the engine.
std::unique_ptr<HttpClient> make_threads_engine(HttpOptions options, const Clock& clock);

// The sockets below libcurl: making them, ending those that are dead, and why servers end them. One
// object for an engine; it must outlive what libcurl keeps of its connections.

// Why no socket can be made now, as an errno; 0: one can.
int error_of_new_socket();

// The failure if `error` is a limit of this machine: open files, or memory of the kernel.
std::optional<Failure> limit_of_sockets(int error);

// Threading: any thread.
class Connections {
 public:
  // A socket; -1 and errno if none can be made.
  int open(int family, int type, int protocol) noexcept;
  void close(int socket) noexcept;

  // Ends the connection from this local port if nothing has come on it for so long: whoever waits
  // for a response on it fails, and libcurl opens another one.  libcurl still closes the socket.
  void end_if_silent(int local_port, std::chrono::milliseconds silence);

  // A server has ended a connection and said why, as an error code of HTTP/2.
  void take_goaway(int error, Time now) noexcept;
  // The last one, if it came since then.
  std::optional<int> goaway_since(Time time) const;

 private:
  mutable Mutex mutex_;
  std::vector<int> sockets_ GUARDED_BY(mutex_);  // open
  Time goaway_at_ GUARDED_BY(mutex_) = Time::min();
  int goaway_ GUARDED_BY(mutex_) = 0;
};

// The login at a proxy that asks for one.  A login that is refused is not tried again and again:
// that locks accounts.  Used by both engines.

// Whether the environment names a proxy for this address, and a user of it: see https_proxy in
// docs/job-file.md.  A host that no_proxy names may count too.
bool has_proxy_login(const std::string& base_url);

// HTTP 407.  It names no user and no password.
Failure proxy_login_refused();

// What one engine knows of it.  Threading: any thread.
class ProxyLogin {
 public:
  // `is_set`: see has_proxy_login.
  explicit ProxyLogin(bool is_set) : is_doubtful_(is_set) {}

  // Nobody knows yet whether it is accepted: one exchange at a time.
  bool is_doubtful() const { return is_doubtful_; }
  // A response has come through the proxy, or there is none.
  void accepted() {
    if (is_doubtful_) is_doubtful_ = false;
  }
  void refused(Time now);
  // Set: no exchange is to be tried now.
  std::optional<Failure> objection(Time now) const;

 private:
  std::atomic<bool> is_doubtful_;
  std::atomic<Time> refused_until_{Time::min()};
};

}  // namespace repopipe
