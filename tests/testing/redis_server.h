// A redis-server on a free port of loopback, with its own folder and without persistence; the
// destructor ends it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace repopipe::testing {

// Threading: one thread at a time; `ask` from any thread.
class RedisServer {
 public:
  // Returns when it responds.  `options`: words of its command line, such as {"--maxmemory",
  // "3mb"}; with --requirepass the object uses that password.
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }
  // Without the password.
  std::string url(const std::string& behind = "/0") const;

  // Ends it with SIGKILL and waits for its end.
  void kill();
  // Again, on the same port and in the same folder; returns once it answers.
  void start();
  // Stopped it keeps its connections and says nothing.
  void pause() const;
  void go_on() const;

  // Sends a command on a new connection.  Returns every string and number of the reply in order; an
  // error as its text.  Throws if the server is not running.
  std::vector<std::string> ask(const std::vector<std::string>& words) const;
  // The only string of the reply.
  std::string ask_one(const std::vector<std::string>& words) const;
  // In every database.
  long keys() const;

 private:
  bool start_once();
  bool answers() const;

  std::vector<std::string> options_;
  std::string password_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t pid_ = -1;
  int handle_ = -1;  // a pidfd
};

}  // namespace repopipe::testing
