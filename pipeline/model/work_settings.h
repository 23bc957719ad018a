// The settings of a job for fetch and parse: principals, engine, limits, worker processes.
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

// Principal: whose quota a request uses, that of a token or of the anonymous client.

// Identity of requests without a token.
inline constexpr std::string_view kAnonymous = "anonymous";

struct Principal {
  std::string identity{};  // constant for a token in all runs; not the token itself
  std::string name{};      // for messages: "token env:GITHUB_TOKEN (...a1b2)"
  // Digest of the job's transforms; "": none.  A page that was read with other transforms is read
  // again.
  std::string transforms{};
  // Its entry of `provider.tokens`, `env:GITHUB_TOKEN`; of a command the position in that list.
  std::string reference{};

  // The owner of its ETags.
  std::string etag_owner() const {
    return transforms.empty() ? identity : identity + "/" + transforms;
  }
};

// What fetch and parse need of a job, without secrets: tokens are sent separately.

enum class EngineKind { event_loop, threads };

struct WorkSettings {
  std::string provider{};  // `provider.kind`
  std::string base_url{};
  int per_page = 100;
  EngineKind engine = EngineKind::event_loop;
  int concurrency = 8;        // concurrent requests
  int parse_concurrency = 1;  // responses parsed at the same time
  std::chrono::milliseconds timeout{30'000};
  Bytes max_body{};
  std::optional<std::filesystem::path> ca_file{};  // on this machine
  std::vector<TransformStep> transforms{};         // of the job, in order

  friend bool operator==(const WorkSettings&, const WorkSettings&) = default;
};

// A worker with tasks completes one within this time: a request takes at most the timeout, and a
// second one may have to wait for it.
constexpr std::chrono::milliseconds longest_silence(std::chrono::milliseconds timeout) {
  return 2 * timeout + std::chrono::seconds(10);
}

// A pool of worker processes.
struct PoolOptions {
  std::string program = "/proc/self/exe";  // started with the arguments of a worker process
  std::string version{};                   // required version of the program
  int processes = 2;
  WorkSettings settings{};  // of all workers together; `concurrency` is split between them
  std::vector<std::string> tokens{};
  std::vector<std::string> secrets{};  // besides the tokens; removed from their environment
  Bytes memory{2ULL << 30};            // resident memory of one worker
  // Results are forwarded as bytes; their records are not decoded.
  bool keeps_encoded = false;
  // A worker with tasks and without a response for this time is considered hung.
  Duration response_timeout = std::chrono::minutes(2);
  // Called with a line for each replaced worker, on a thread of its own.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

}  // namespace repopipe
