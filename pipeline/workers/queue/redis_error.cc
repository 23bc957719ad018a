#include "pipeline/workers/queue/redis_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

struct Lasting {
  std::string_view start;  // of the error, in any case
  std::string_view remedy;
};

constexpr std::string_view kSingle = "a Redis Cluster cannot serve as a queue; use a single server";
constexpr std::string_view kRights =
    "give the user all keys that begin with the prefix, and the commands of docs/execution.md";
constexpr std::string_view kCommands =
    "Redis 6.2 or later is needed, with every command of docs/execution.md under its own name";
constexpr std::string_view kPassword = "correct the user and the password of the address";
constexpr std::string_view kDatabase = "correct the number of the database in the address";
constexpr std::string_view kKeys = "another program uses these keys; choose another ?prefix=";

constexpr std::array kLasting{
    Lasting{"MOVED ", kSingle},
    Lasting{"ASK ", kSingle},
    Lasting{"CROSSSLOT", kSingle},
    Lasting{"ERR SELECT is not allowed in cluster mode", kSingle},
    Lasting{"NOPERM", kRights},
    Lasting{"ERR unknown command", kCommands},
    Lasting{"ERR unknown subcommand", kCommands},
    Lasting{"ERR syntax error", kCommands},
    Lasting{"ERR wrong number of arguments", kCommands},
    Lasting{"NOAUTH", kPassword},
    Lasting{"WRONGPASS", kPassword},
    Lasting{"ERR AUTH", kPassword},
    Lasting{"ERR Client sent AUTH", kPassword},
    Lasting{"ERR invalid password", kPassword},
    Lasting{"DENIED", "set a password on the server, or bind it to this network"},
    Lasting{"ERR DB index", kDatabase},
    Lasting{"ERR invalid DB index", kDatabase},
    Lasting{"WRONGTYPE", kKeys},
};

// The server is busy with itself, or with too many others.
constexpr std::array<std::string_view, 6> kPassing{
    "LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "ERR max number of clients"};

bool begins(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

const Lasting* find_lasting(std::string_view error) {
  const auto* const found = std::ranges::find_if(
      kLasting, [error](const Lasting& each) { return begins(error, each.start); });
  return found == kLasting.end() ? nullptr : found;
}

}  // namespace

Failure objection_of_redis(std::string_view name, std::string_view error) {
  const Lasting* const lasting = find_lasting(error);
  if (lasting == nullptr)
    return {FailureKind::queue, fmt::format("{}: {}", name, printable(error))};
  return {FailureKind::job, fmt::format("{}: {}; {}", name, printable(error), lasting->remedy)};
}

Failure refusal_of_redis(std::string_view name, std::string_view error) {
  Failure failure = objection_of_redis(name, error);
  const bool passes =
      std::ranges::any_of(kPassing, [error](auto start) { return error.starts_with(start); });
  failure.kind = passes ? FailureKind::queue : FailureKind::job;
  return failure;
}

}  // namespace repopipe
