#include "tests/simulator/fault_kinds.h"

namespace repopipe::simulator {

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::server_error:
      return "5xx";
    case Fault::http_500:
      return "500";
    case Fault::http_502:
      return "502";
    case Fault::http_503:
      return "503";
    case Fault::http_504:
      return "504";
    case Fault::html:
      return "html";
    case Fault::not_json:
      return "not-json";
    case Fault::reset:
      return "reset";
    case Fault::cut:
      return "cut";
    case Fault::gzip_cut:
      return "gzip-cut";
    case Fault::trickle:
      return "trickle";
    case Fault::missing:
      return "404";
    case Fault::unauthorized:
      return "401";
    case Fault::secondary:
      return "secondary";
  }
  return "";
}

std::optional<Fault> fault_named(std::string_view name) {
  for (const Fault fault : kFaultKinds) {
    if (name_of(fault) == name) return fault;
  }
  return std::nullopt;
}

std::optional<Response> fault_response(Fault fault) {
  switch (fault) {
    case Fault::http_500:
      return server_error();
    case Fault::http_502:
      return unicorn(502, "Bad Gateway");
    case Fault::http_503:
      return unicorn(503, "Service Unavailable");
    case Fault::http_504:
      return json_response(
          504, "Gateway Timeout",
          R"({"message":"We couldn't respond to your request in time. Sorry about )"
          R"(that. Please try resubmitting your request."})");
    case Fault::html:
      return outage_page();
    case Fault::not_json:
      return json_response(200, "OK",
                           "upstream connect error or disconnect/reset before headers\n");
    case Fault::missing:
      return not_found();
    case Fault::unauthorized:
      return requires_authentication();
    case Fault::none:
    case Fault::server_error:
    case Fault::reset:
    case Fault::cut:
    case Fault::gzip_cut:
    case Fault::trickle:
    case Fault::secondary:
      break;
  }
  return std::nullopt;
}

Response outage_page() {
  return html_response(200, "OK",
                       "<!DOCTYPE html>\n<html><head><title>We'll be back soon</title></head>"
                       "<body><p>This page is taking too long to load.</p></body></html>\n");
}

}  // namespace repopipe::simulator
