// What one HTTP exchange brought: status, headers and the body as it came over the wire, still
// compressed; and how long each phase took.
#pragma once

#include <cstdint>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/headers.h"
#include "pipeline/model/task.h"

namespace repopipe {

// The phases of an exchange, each counted from its start (libcurl's CURLINFO_*_TIME_T).  A phase
// that did not take place, such as TLS on a reused connection, ends where the one before it ended.
struct Timing {
  WallTime started_at{};
  Time started{};
  Duration name_lookup{};
  Duration connect{};
  Duration tls{};
  Duration first_byte{};
  Duration total{};

  friend bool operator==(const Timing&, const Timing&) = default;
};

struct Response {
  int status = 0;
  std::string http_version{};  // "1.1" or "2"
  Headers headers{};
  std::string body{};            // undecoded, see Content-Encoding
  WallTime received_at{};        // by this machine's clock
  std::uint64_t wire_bytes = 0;  // headers and body as received
};

// A task after fetch.  `timing` is there also when the exchange failed.
struct Fetched {
  Task task;
  Result<Response> response;
  Timing timing{};
};

}  // namespace repopipe
