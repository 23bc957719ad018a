// One HTTP POST with a time limit, for messages to other programs.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"

namespace repopipe {

struct PostOptions {
  std::optional<std::filesystem::path> ca_file{};  // replaces the system's certificates
  std::string user_agent{};
  std::chrono::milliseconds timeout{10'000};
};

struct PostAnswer {
  int status = 0;
  std::optional<std::size_t> body_limit{};  // value of the header Ping-Body-Limit
};

// Sends one request at a time.  Redirects are not followed, and certificates are checked; a proxy
// of the environment is used.  Threading: `send` on one thread, `cancel` on any.
class Post {
 public:
  explicit Post(PostOptions options);
  ~Post();
  Post(const Post&) = delete;
  Post& operator=(const Post&) = delete;

  // Any HTTP response is a result.  A failure is of kind `transport`, `timeout` or `cancelled`; the
  // message names neither path nor query of the address.
  Result<PostAnswer> send(const std::string& url, std::string_view body);

  // The current and all later calls of `send` return `cancelled` soon.
  void cancel();

 private:
  class Handles;

  void prepare(const std::string& url, std::string_view body, PostAnswer& answer);
  bool is_cancelled();

  std::unique_ptr<Handles> handles_;
  const PostOptions options_;
  Mutex mutex_;
  bool is_cancelled_ GUARDED_BY(mutex_) = false;
};

}  // namespace repopipe
