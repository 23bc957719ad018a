// What fetch and parse need to know of a job, wherever they run: principals, settings, worker
// pools.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/transform.h"

namespace repopipe {

// Whose a request is: a token's, or the one anonymous client's when there is none.

// The identity of requests without a token.
inline constexpr std::string_view kAnonymous = "anonymous";

struct Principal {
  std::string identity{};  // the same in every run with this token; never the token
  std::string name{};      // for people: "token env:GITHUB_TOKEN (...a1b2)"
  // What the job's transforms make of a page, as a word; "": there are none.  A page that was read
  // with others is read again.
  std::string transforms{};

  // Whose ETags it may send.
  std::string etag_owner() const {
    return transforms.empty() ? identity : identity + "/" + transforms;
  }
};

// What fetch and parse need to know of a job, wherever they run.  Tokens travel apart from it, so
// that it can be shown to anybody.

enum class EngineKind { event_loop, threads };

struct WorkSettings {
  std::string provider{};  // its kind
  std::string base_url{};
  int per_page = 100;
  EngineKind engine = EngineKind::event_loop;
  int concurrency = 8;        // exchanges at the same time
  int parse_concurrency = 1;  // responses parsed at the same time
  std::chrono::milliseconds timeout{30'000};
  Bytes max_body{};
  std::optional<std::filesystem::path> ca_file{};  // of this machine
  std::vector<TransformStep> transforms{};         // of the job, in order

  friend bool operator==(const WorkSettings&, const WorkSettings&) = default;
};

// Of a worker that has tasks: it settles one of them well before, for no exchange takes longer
// than the timeout, and two may be in each other's way.
constexpr std::chrono::milliseconds longest_silence(std::chrono::milliseconds timeout) {
  return 2 * timeout + std::chrono::seconds(10);
}

// A pool of worker processes.
struct PoolOptions {
  std::string program = "/proc/self/exe";  // that takes the arguments of a worker process
  std::string version{};                   // that it must be of
  int processes = 2;
  WorkSettings settings{};  // of all workers together; each gets its share of the concurrency
  std::vector<std::string> tokens{};
  std::vector<std::string> secrets{};  // besides the tokens: kept out of their environment
  Bytes memory{2ULL << 30};            // that one worker may have resident
  // TaskResults are passed on as bytes; their records are not read.
  bool keeps_encoded = false;
  // A worker with tasks that says nothing for so long hangs.
  Duration response_timeout = std::chrono::minutes(2);
  // Takes a line about each worker that is replaced.  Runs on a thread of its own.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

}  // namespace repopipe
