#include "tests/simulator/response.h"

#include <fmt/format.h>

#include <utility>

namespace repopipe::simulator {
namespace {

Response text_response(int status, const char* reason, std::string type, std::string_view body) {
  return {.status = status,
          .reason = reason,
          .headers = {{"Content-Type", std::move(type)}},
          .body = std::make_shared<const std::string>(body)};
}

Response redirect(int status, const char* reason, const std::string& location) {
  constexpr std::string_view kBody =
      R"({{"message":"{}","url":"{}","documentation_url":)"
      R"("https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api"}})";
  Response response = json_response(status, reason, fmt::format(kBody, reason, location));
  response.headers.push_back({"Location", location});
  return response;
}

}  // namespace

Response json_response(int status, const char* reason, std::string_view body) {
  return text_response(status, reason, "application/json; charset=utf-8", body);
}

Response html_response(int status, const char* reason, std::string_view body) {
  return text_response(status, reason, "text/html; charset=utf-8", body);
}

Response message_response(int status, const char* reason, std::string_view message,
                          std::string_view documentation) {
  return json_response(status, reason,
                       fmt::format(R"({{"message":"{}","documentation_url":"{}","status":"{}"}})",
                                   message, documentation, status));
}

Response not_found() {
  return message_response(404, "Not Found", "Not Found");
}

Response no_user_agent() {
  return html_response(
      403, "Forbidden",
      "\r\nRequest forbidden by administrative rules. Please make sure your request has a "
      "User-Agent header (https://docs.github.com/en/rest/overview/"
      "resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for "
      "other possible causes.\r\n");
}

Response bad_credentials() {
  return message_response(401, "Unauthorized", "Bad credentials");
}

Response requires_authentication() {
  return message_response(401, "Unauthorized", "Requires authentication");
}

Response moved_permanently(const std::string& location) {
  return redirect(301, "Moved Permanently", location);
}

Response found_elsewhere(const std::string& location) {
  return redirect(302, "Found", location);
}

Response unicorn(int status, const char* reason) {
  return html_response(
      status, reason,
      "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head>"
      "<body><p><strong>We had issues producing the response to your request.</strong></p>"
      "</body></html>\n");
}

Response server_error() {
  return json_response(500, "Internal Server Error", R"({"message":"Server Error"})");
}

Response outage(std::uint64_t draw) {
  if (draw % 3 == 0) return server_error();
  if (draw % 3 == 1) return unicorn(502, "Bad Gateway");
  return unicorn(503, "Service Unavailable");
}

}  // namespace repopipe::simulator
