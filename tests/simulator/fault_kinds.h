// The injected failures of requests, and their responses. Used by Faults (selection) and Rules
// (execution).  Threading: any thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "tests/simulator/response.h"

namespace repopipe::simulator {

enum class Fault {
  none,
  server_error,  // one of 500, 502, 503: --fault-5xx
  http_500,
  http_502,
  http_503,
  http_504,
  html,      // 200 with an outage page
  not_json,  // 200 with Content-Type JSON
  reset,     // before the response
  cut,       // reset in the middle of the body
  gzip_cut,  // half of a gzip stream, with a matching Content-Length
  trickle,   // part of a body, slowly, then the connection ends
  missing,   // 404
  unauthorized,
  secondary,  // a secondary limit of one second
};

// The kinds for --faults.
inline constexpr std::array<Fault, 13> kFaultKinds = {
    Fault::http_500, Fault::http_502,     Fault::http_503, Fault::http_504, Fault::html,
    Fault::not_json, Fault::reset,        Fault::cut,      Fault::gzip_cut, Fault::trickle,
    Fault::missing,  Fault::unauthorized, Fault::secondary};

// The name in options and in the request log; empty for none.
std::string_view name_of(Fault fault);

// Empty: not a name of one of kFaultKinds.
std::optional<Fault> fault_named(std::string_view name);

// Empty: the failure has no response of its own.
std::optional<Response> fault_response(Fault fault);

// 200 with HTML, as from proxies and during outages.
Response outage_page();

}  // namespace repopipe::simulator
