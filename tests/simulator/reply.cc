#include "tests/simulator/reply.h"

#include <fmt/format.h>

#include <utility>

namespace repopipe::simulator {
namespace {

Reply text_reply(int status, const char* reason, std::string type, std::string_view body) {
  return {.status = status,
          .reason = reason,
          .headers = {{"Content-Type", std::move(type)}},
          .body = std::make_shared<const std::string>(body)};
}

Reply redirect(int status, const char* reason, const std::string& location) {
  constexpr std::string_view kBody =
      R"({{"message":"{}","url":"{}","documentation_url":)"
      R"("https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api"}})";
  Reply reply = json_reply(status, reason, fmt::format(kBody, reason, location));
  reply.headers.push_back({"Location", location});
  return reply;
}

}  // namespace

Reply json_reply(int status, const char* reason, std::string_view body) {
  return text_reply(status, reason, "application/json; charset=utf-8", body);
}

Reply html_reply(int status, const char* reason, std::string_view body) {
  return text_reply(status, reason, "text/html; charset=utf-8", body);
}

Reply message_reply(int status, const char* reason, std::string_view message,
                    std::string_view documentation) {
  return json_reply(status, reason,
                    fmt::format(R"({{"message":"{}","documentation_url":"{}","status":"{}"}})",
                                message, documentation, status));
}

Reply not_found() {
  return message_reply(404, "Not Found", "Not Found");
}

Reply no_user_agent() {
  return html_reply(
      403, "Forbidden",
      "\r\nRequest forbidden by administrative rules. Please make sure your request has a "
      "User-Agent header (https://docs.github.com/en/rest/overview/"
      "resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for "
      "other possible causes.\r\n");
}

Reply bad_credentials() {
  return message_reply(401, "Unauthorized", "Bad credentials");
}

Reply requires_authentication() {
  return message_reply(401, "Unauthorized", "Requires authentication");
}

Reply moved_permanently(const std::string& location) {
  return redirect(301, "Moved Permanently", location);
}

Reply found_elsewhere(const std::string& location) {
  return redirect(302, "Found", location);
}

Reply unicorn(int status, const char* reason) {
  return html_reply(
      status, reason,
      "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head>"
      "<body><p><strong>We had issues producing the response to your request.</strong></p>"
      "</body></html>\n");
}

Reply server_error() {
  return json_reply(500, "Internal Server Error", R"({"message":"Server Error"})");
}

Reply outage(std::uint64_t draw) {
  if (draw % 3 == 0) return server_error();
  if (draw % 3 == 1) return unicorn(502, "Bad Gateway");
  return unicorn(503, "Service Unavailable");
}

}  // namespace repopipe::simulator
