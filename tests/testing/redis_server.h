// A real redis-server on a free port of loopback, in a folder of its own and without persistence,
// for as long as the object lives.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace repopipe::testing {

// Threading: one thread at a time, but `ask`, which any may call.
class RedisServer {
 public:
  // Returns once it answers.  `options` are words of its command line, such as
  // {"--maxmemory", "3mb"}; with --requirepass it asks for the password itself.
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }
  // Without a password.
  std::string url(const std::string& behind = "/0") const;

  // Ends it with SIGKILL and waits for its end.
  void kill();
  // Again, on the same port and in the same folder; returns once it answers.
  void start();
  // Stopped it keeps its connections and says nothing.
  void pause() const;
  void go_on() const;

  // One command on a connection of its own.  Every text and number of the reply, in order; an error
  // as its text.  Fails by an exception when the server is not there.
  std::vector<std::string> ask(const std::vector<std::string>& words) const;
  // The only text of the reply.
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
