// The sockets below libcurl: making them, ending those that are dead, and why servers end them. One
// object for an engine; it must outlive what libcurl keeps of its connections.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

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
  mutable std::mutex mutex_;
  std::vector<int> sockets_;      // guarded by mutex_; open
  Time goaway_at_ = Time::min();  // guarded by mutex_
  int goaway_ = 0;                // guarded by mutex_
};

}  // namespace repopipe
