// Runs with the workers of a queue.  Each worker is a process with its own working directory and,
// if the tests may, its own user.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/nightly.h"
#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"
#include "tests/testing/eventually.h"
#include "tests/testing/redis_server.h"

namespace repopipe::e2e {

using repopipe::testing::eventually;

using Words = std::vector<std::string>;

// `repopipe worker` for one queue and one API.
class Worker {
 public:
  struct Options {
    std::string queue;
    std::string base_url;
    Words more{};  // of its command line
    std::map<std::string, std::string> environment{};
  };
  explicit Worker(const Options& options);

  Process& process() { return *process_; }
  // Its output so far.
  std::string said() const { return read_file(folder_->path() / "said.txt"); }
  void wait_until_it_says(const std::string& text) const;
  // With SIGTERM; its exit code.
  int end();
  void kill();

 private:
  std::unique_ptr<TempFolder> folder_ = std::make_unique<TempFolder>();
  std::unique_ptr<Process> process_;
};

// A run in the background whose output can be read.
class QueueRun {
 public:
  // With a lease of one second and more options.
  QueueRun(const Nightly& nightly, const std::string& queue, const Words& more = {},
           const std::map<std::string, std::string>& environment = {});

  Process& process() { return *process_; }
  std::string said() const;
  void wait_until_it_says(const std::string& text) const;
  // Waits until so many users are in the database; false: the run has ended before.
  bool gets_to(int users);
  int exit_code() { return process_->wait().exit_code; }

 private:
  const Nightly& nightly_;
  std::filesystem::path words_;
  std::unique_ptr<Process> process_;
};

// Options of a simulator that fails one request in ten; other failures would stop all requests.
// Never two in a row, which would lead to smaller pages.
Words one_in_ten_fails();

// Users in the database.
int settled_users(const Nightly& nightly);

// Everything that a Redis holds, keys and values.
std::string everything_on(const repopipe::testing::RedisServer& redis);

}  // namespace repopipe::e2e
