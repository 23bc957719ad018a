// What travels from the planner to fetch: one request for one page of one user.
#pragma once

#include <cstdint>
#include <string>

#include "pipeline/core/clock.h"

namespace repopipe {

// One user of the job, with what must be known of it before its first request.
struct Key {
  std::string login{};  // as the job spells it

  friend bool operator==(const Key&, const Key&) = default;
};

struct Request {
  std::string target{};  // path and query below the provider's base URL, "/users/octocat/repos?..."
  int page = 1;          // counted from 1
  int last_announced = 1;  // the last page that is already asked for, or about to be

  friend bool operator==(const Request&, const Request&) = default;
};

// A ticket leaves the planner and comes back exactly once, with a value or a failure.
struct Ticket {
  std::uint64_t id = 0;
  std::string login{};
  Request request;
  int attempt = 1;
  std::uint32_t principal = 0;  // whose token goes along: an index, never the token
  Time sent{};                  // when it left the planner
};

}  // namespace repopipe
