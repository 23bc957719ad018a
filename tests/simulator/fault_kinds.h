// The ways in which a request can fail on purpose, and the responses of those that are responses.
// Used by Faults, which chooses, and Rules, which lets them happen.  Threading: pure, any thread.
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
  html,      // 200 with the page of an outage
  not_json,  // 200 that claims to be JSON
  reset,     // before the response
  cut,       // reset in the middle of the body
  gzip_cut,  // half a gzip stream whose Content-Length agrees
  trickle,   // part of a body, slowly, and then the end
  missing,   // 404
  unauthorized,
  secondary,  // a secondary limit of one second
};

// What --faults chooses from.
inline constexpr std::array<Fault, 13> kFaultKinds = {
    Fault::http_500, Fault::http_502,     Fault::http_503, Fault::http_504, Fault::html,
    Fault::not_json, Fault::reset,        Fault::cut,      Fault::gzip_cut, Fault::trickle,
    Fault::missing,  Fault::unauthorized, Fault::secondary};

// As options and the request log name them; empty for none.
std::string_view name_of(Fault fault);

// Empty for what is no name of one of kFaultKinds.
std::optional<Fault> fault_named(std::string_view name);

// Empty for those that are no response of their own.
std::optional<Response> fault_response(Fault fault);

// 200 with HTML, as proxies and outages have it.
Response outage_page();

}  // namespace repopipe::simulator
