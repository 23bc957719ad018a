// The line to one worker process: messages out and in, without ever blocking.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/workers/wire/frame.h"

namespace repopipe {

// Threading: one thread.  The socket is non-blocking and outlives the link.
class WorkerSocket {
 public:
  // A message from the worker may have at most so many bytes.
  WorkerSocket(int socket, std::size_t longest) : socket_(socket), in_(longest) {}

  // To be sent with what follows, or by `flush`.
  void add(std::string_view message);
  // What cannot be sent at once waits for `flush`.
  void send(std::string_view message);
  // Call it when the socket can be written.  A broken line shows when it is read.
  void flush();
  bool has_more_to_send() const { return sent_ < out_.size(); }

  // Whole messages that have come, when the socket can be read.  Nothing and `is_over()`: the
  // worker has hung up.
  Result<std::vector<std::string>> receive();
  bool is_over() const { return is_over_; }
  bool is_quiet() const { return is_quiet_; }  // nothing was there the last time

 private:
  int socket_;
  FrameReader in_;
  std::string out_;
  std::size_t sent_ = 0;  // of `out_`
  bool is_over_ = false;
  bool is_quiet_ = true;
};

}  // namespace repopipe
