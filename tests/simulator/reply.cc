#include "tests/simulator/reply.h"

#include <string_view>
#include <utility>

namespace repopipe::simulator {
namespace {

Reply text_reply(int status, const char* reason, std::string type, std::string_view body) {
  return {.status = status,
          .reason = reason,
          .headers = {{"Content-Type", std::move(type)}},
          .body = std::make_shared<const std::string>(body)};
}

constexpr const char* kJson = "application/json; charset=utf-8";
constexpr const char* kHtml = "text/html; charset=utf-8";

}  // namespace

Reply not_found() {
  return text_reply(404, "Not Found", kJson,
                    R"({"message":"Not Found","documentation_url":)"
                    R"("https://docs.github.com/rest","status":"404"})");
}

Reply no_user_agent() {
  return text_reply(
      403, "Forbidden", kHtml,
      "\r\nRequest forbidden by administrative rules. Please make sure your request has a "
      "User-Agent header (https://docs.github.com/en/rest/overview/"
      "resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for "
      "other possible causes.\r\n");
}

Reply outage(std::uint64_t draw) {
  if (draw % 3 == 0) {
    return text_reply(500, "Internal Server Error", kJson, R"({"message":"Server Error"})");
  }
  constexpr std::string_view kUnicorn =
      "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head>"
      "<body><p><strong>We had issues producing the response to your request.</strong></p>"
      "</body></html>\n";
  if (draw % 3 == 1) return text_reply(502, "Bad Gateway", kHtml, kUnicorn);
  return text_reply(503, "Service Unavailable", kHtml, kUnicorn);
}

}  // namespace repopipe::simulator
