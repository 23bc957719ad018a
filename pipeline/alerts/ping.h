// Pings: tells a monitor that a run has begun, and how it ended, so that the monitor can report a
// run that failed or never came.  Protocol: https://healthchecks.io/docs/http_api/
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "stages/fetch/post.h"

namespace repopipe {

// 32 hexadecimal digits as a UUID (RFC 9562, section 4), as monitors require it.
std::string uuid_of(std::string_view digits);

// `url` with `step` added to its path and the run's id to its query.
std::string ping_url(std::string_view url, std::string_view step, std::string_view rid);

// At most `limit` bytes of `body`, without a part of a character.
std::string_view ping_body(std::string_view body, std::size_t limit);

struct PingOptions {
  std::string url;  // a secret; empty: no pings
  PostOptions post;
  // Between the tries; there is one try more than there are pauses.
  std::vector<std::chrono::milliseconds> pauses{std::chrono::seconds(1), std::chrono::seconds(2)};
};

// A run's pings.  A ping that cannot be sent is not an error of the run.  Threading: one thread.
class Ping {
 public:
  // `warn` is called with one line for a ping that failed, on any thread.
  Ping(PingOptions options, std::function<void(const std::string&)> warn);
  ~Ping();
  Ping(const Ping&) = delete;
  Ping& operator=(const Ping&) = delete;

  // Returns at once; a thread sends the ping.  `rid`: the run's id, a UUID.
  void start(const std::string& rid);

  // Sends the last ping; before, cancels the first one if it is still in flight.  Takes at most the
  // sum of all tries and pauses.
  void end(const std::string& rid, ExitCode exit_code, std::string_view text);

 private:
  void send(Post& post, const std::string& step, const std::string& rid, std::string_view body);
  // Whether it was waited to the end.
  bool pause(std::chrono::milliseconds length);
  void cancel_start();

  const PingOptions options_;
  const std::function<void(const std::string&)> warn_;
  Mutex mutex_;
  Condition wake_;
  bool is_cancelled_ GUARDED_BY(mutex_) = false;         // the first ping
  std::optional<std::size_t> limit_ GUARDED_BY(mutex_);  // of a body, as the monitor said
  std::optional<Post> first_;                            // set before its thread starts
  Thread thread_;                                        // last member: destroyed first
};

}  // namespace repopipe
