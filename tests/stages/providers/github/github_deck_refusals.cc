#include "tests/stages/providers/github/github_deck.h"

namespace repopipe::testing {
namespace {

using enum Asked;

constexpr std::string_view kHtml = "<!DOCTYPE html><html><body>Unicorn!</body></html>";
constexpr std::string_view kXhtml = "<?xml version=\"1.0\"?><html><body>Gone</body></html>";
constexpr std::string_view kForbidden = R"({"message":"Resource not accessible"})";
constexpr std::string_view kPrimary = R"({"message":"API rate limit exceeded for 192.0.2.1."})";
constexpr std::string_view kSecondary =
    R"({"message":"You have exceeded a secondary rate limit. Please wait a few minutes."})";
constexpr std::string_view kAbuse =
    R"({"message":"You have triggered an abuse detection mechanism. Please wait."})";

#define NOW "date: Wed, 18 May 2033 03:33:20 GMT\n"
#define HOUR_AHEAD "date: Wed, 18 May 2033 04:33:20 GMT\n"
#define HOUR_BEHIND "date: Wed, 18 May 2033 02:33:20 GMT\n"
#define USED_UP "x-ratelimit-remaining: 0\n"
#define IN_A_MINUTE "x-ratelimit-reset: 2000000060\n"

// clang-format off
constexpr Card kCards[] = {
  // The quota of a principal is used up: until the reset and a second.
  {"primary", page, 403, NOW USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary by 429", page, 429, NOW USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary of a token's own request", owner, 403, NOW USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary in gzip", page, 403, NOW USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s", Wire::gzip},
  {"primary without a body", page, 403, NOW USED_UP IN_A_MINUTE, "", "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary without a date", page, 403, USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary, date is rubbish", page, 403, "date: today\n" USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary, server an hour ahead", page, 403, HOUR_AHEAD USED_UP "x-ratelimit-reset: 2000003660", kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary, server an hour behind", page, 403, HOUR_BEHIND USED_UP "x-ratelimit-reset: 1999996460", kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary, reset is past", page, 403, NOW USED_UP "x-ratelimit-reset: 1999999000", kPrimary, "rate_limited principal, wait 1 s; quota 0 for 0 s"},
  {"primary, reset is past by the date", page, 403, HOUR_AHEAD USED_UP IN_A_MINUTE, kPrimary, "rate_limited principal, wait 1 s; quota 0 for 0 s"},
  {"primary without a reset", page, 403, NOW USED_UP, kPrimary, "rate_limited principal"},
  {"primary, reset is rubbish", page, 403, NOW USED_UP "x-ratelimit-reset: soon", kPrimary, "rate_limited principal"},
  {"primary, reset is empty", page, 403, NOW USED_UP "x-ratelimit-reset:", kPrimary, "rate_limited principal"},
  {"primary, reset is negative", page, 403, NOW USED_UP "x-ratelimit-reset: -60", kPrimary, "rate_limited principal"},
  {"primary, reset is no whole number", page, 403, NOW USED_UP "x-ratelimit-reset: 2000000060.5", kPrimary, "rate_limited principal"},
  {"primary, reset is absurd", page, 403, NOW USED_UP "x-ratelimit-reset: 1000000000000000000000000000000", kPrimary, "rate_limited principal"},
  {"primary by its text alone", page, 403, "", kPrimary, "rate_limited principal"},
  {"primary, and a shorter time", page, 403, NOW USED_UP IN_A_MINUTE "retry-after: 30", kPrimary, "rate_limited principal, wait 61 s; quota 0 for 60 s"},
  {"primary, and a longer time", page, 403, NOW USED_UP IN_A_MINUTE "retry-after: 90", kPrimary, "rate_limited principal, wait 90 s; quota 0 for 60 s"},
  {"primary, and only another time", page, 403, NOW USED_UP "retry-after: 30", kPrimary, "rate_limited principal, wait 30 s"},

  // A secondary rate limit stops all requests for its wait; without one Plan waits one minute, then
  // two.
  {"secondary", page, 403, "retry-after: 30", kSecondary, "throttled everybody, wait 30 s"},
  {"secondary by 429", page, 429, "retry-after: 30", kSecondary, "throttled everybody, wait 30 s"},
  {"secondary by the header alone", page, 403, "retry-after: 30", kForbidden, "throttled everybody, wait 30 s"},
  {"secondary, quota is left", page, 403, NOW "x-ratelimit-remaining: 4999\nretry-after: 30\n" IN_A_MINUTE, "", "throttled everybody, wait 30 s; quota 4999 for 60 s"},
  {"secondary until a date", page, 403, NOW "retry-after: Wed, 18 May 2033 03:34:50 GMT", "", "throttled everybody, wait 90 s"},
  {"secondary until a date of another clock", page, 403, HOUR_AHEAD "retry-after: Wed, 18 May 2033 04:34:50 GMT", "", "throttled everybody, wait 90 s"},
  {"secondary until a date without one", page, 429, "retry-after: Wed, 18 May 2033 03:34:50 GMT", "", "throttled everybody, wait 90 s"},
  {"secondary until a past date", page, 429, NOW "retry-after: Wed, 18 May 2033 03:00:00 GMT", "", "throttled everybody, wait 1 s"},
  {"secondary until the year 9999", page, 429, NOW "retry-after: Fri, 31 Dec 9999 23:59:59 GMT", "", "throttled everybody"},
  {"secondary for no time", page, 429, "retry-after: 0", "", "throttled everybody, wait 1 s"},
  {"secondary for ages", page, 429, "retry-after: 1000000000000000000000000000000", "", "throttled everybody"},
  {"secondary, negative time", page, 403, "retry-after: -5", kForbidden, "throttled everybody"},
  {"secondary, broken seconds", page, 403, "retry-after: 1.5", kForbidden, "throttled everybody"},
  {"secondary, empty time", page, 403, "retry-after:", kForbidden, "throttled everybody"},
  {"secondary, time is rubbish", page, 403, "retry-after: soon", kForbidden, "throttled everybody"},
  {"secondary by its text alone", page, 403, "", kSecondary, "throttled everybody"},
  {"secondary by its text in capitals", page, 429, "", "SECONDARY RATE LIMIT", "throttled everybody"},
  {"secondary in gzip", page, 403, "", kSecondary, "throttled everybody", Wire::gzip},
  {"secondary of an account", account, 403, "", kSecondary, "throttled everybody"},
  {"secondary with the quota used up", page, 403, NOW USED_UP IN_A_MINUTE, kSecondary, "throttled everybody; quota 0 for 60 s"},
  {"secondary and both times", page, 403, NOW USED_UP IN_A_MINUTE "retry-after: 30", kSecondary, "throttled everybody, wait 30 s; quota 0 for 60 s"},
  {"abuse", page, 403, "", kAbuse, "throttled everybody"},
  {"abuse with a time", page, 403, "retry-after: 60", kAbuse, "throttled everybody, wait 60 s"},
  {"429 alone", page, 429, "", "", "throttled everybody"},
  {"429 as a page of HTML", page, 429, "", kHtml, "throttled everybody"},
  {"429, quota is left", page, 429, NOW "x-ratelimit-remaining: 7\n" IN_A_MINUTE, "", "throttled everybody; quota 7 for 60 s"},

  // Permanently forbidden.
  {"forbidden", page, 403, "", kForbidden, "blocked request"},
  {"forbidden, quota is left", page, 403, NOW "x-ratelimit-remaining: 1\n" IN_A_MINUTE, kForbidden, "blocked request; quota 1 for 60 s"},
  {"forbidden, quota is rubbish", page, 403, NOW "x-ratelimit-remaining: none\n" IN_A_MINUTE, kForbidden, "blocked request"},
  {"suspended", page, 403, "", R"({"message":"Sorry. Your account was suspended."})", "blocked request"},
  {"forbidden without a word", page, 403, "", "", "malformed request"},
  {"forbidden as a page of HTML", page, 403, "", kHtml, "malformed request"},
  {"forbidden, the word is cut", page, 403, "", kSecondary, "malformed request", Wire::cut_gzip},
  {"forbidden, the word is in brotli", page, 403, "content-encoding: br", "?", "malformed request"},
  {"by law", page, 451, "", R"({"message":"Repository access blocked","block":{"reason":"dmca"}})", "blocked request"},
  {"by law, another reason", page, 451, "", R"({"message":"x","block":{"reason":"tos"}})", "blocked request"},
  {"by law without a word", page, 451, "", "", "blocked request"},

  {"by law as a page of HTML", page, 451, "", kHtml, "malformed request"},
  {"sign-on is required", page, 403, "x-github-sso: required; url=https://ghe.example/sso?a=1", kForbidden, "blocked request"},
  {"forbidden by a gateway's JSON", page, 403, "", R"({"error":"denied"})", "malformed request"},
  {"secondary for a week and a day", page, 429, "retry-after: 691200", kSecondary, "throttled everybody"},
  {"primary, reset in milliseconds", page, 403, NOW USED_UP "x-ratelimit-reset: 2000000060000", kPrimary, "rate_limited principal"},

  // Tokens.
  {"bad credentials", page, 401, "", R"({"message":"Bad credentials"})", "bad_token principal"},
  {"bad credentials in gzip", page, 401, "", R"({"message":"Bad credentials"})", "bad_token principal", Wire::gzip},
  {"bad credentials of an owner", owner, 401, "", R"({"message":"Bad credentials"})", "bad_token principal"},
  {"unauthorized", page, 401, "", R"({"message":"Requires authentication"})", "unauthorized principal"},
  {"unauthorized without a word", page, 401, "", "", "unauthorized principal"},
  {"unauthorized as a page of HTML", page, 401, "", kHtml, "malformed request"},
  {"unauthorized, the word is cut", page, 401, "", R"({"message":"Bad credentials"})", "unauthorized principal", Wire::cut_gzip},

  // The account or the API does not exist.
  {"not found", page, 404, "", R"({"message":"Not Found"})", "not_found request"},
  {"not found without a word", page, 404, "", "", "malformed request"},
  {"not found as a page of HTML", page, 404, "", kHtml, "malformed request"},
  {"not found, the word is cut", page, 404, "", kHtml, "malformed request", Wire::cut_gzip},
  {"not found as a gateway's JSON", page, 404, "", R"({"error":"no route"})", "malformed request"},
  {"not found as text", page, 404, "", "404 page not found", "malformed request"},
  {"not found with a number for a message", page, 404, "", R"({"message":404})", "malformed request"},
  {"number not found as a page of HTML", account, 404, "", kHtml, "malformed request"},
  {"number not found", account, 404, "", R"({"message":"Not Found"})", "not_found request"},
  {"gone", page, 410, "", R"({"message":"Gone"})", "not_found request"},
  {"gone without a word", page, 410, "", "", "malformed request"},
  {"gone as a page of XHTML", page, 410, "", kXhtml, "malformed request"},
  {"version retired", page, 410, "", R"({"message":"API version 2022-11-28 is no longer supported"})", "retired everybody"},
  {"version refused", page, 400, "", R"({"message":"Unsupported API version"})", "retired everybody"},
  {"bad request", page, 400, "", R"({"message":"Problems parsing JSON"})", "unexpected_status request"},
  {"bad request as a page of XHTML", page, 400, "", kXhtml, "malformed request"},
  {"unprocessable", page, 422, "", R"({"message":"Validation Failed"})", "unexpected_status request"},
  {"teapot", page, 418, "", "", "unexpected_status request"},

  // Outages.
  {"500 as a page of HTML", page, 500, "", kHtml, "server_error request"},
  {"502", page, 502, "", R"({"message":"Server Error"})", "server_error request"},
  {"503 with a time", page, 503, "retry-after: 20", kHtml, "server_error request, wait 20 s"},
  {"503 with a date", page, 503, NOW "retry-after: Wed, 18 May 2033 03:34:50 GMT", "", "server_error request, wait 90 s"},
  {"503 with the quota used up", page, 503, NOW USED_UP IN_A_MINUTE, kHtml, "server_error request; quota 0 for 60 s"},
  {"503 that speaks of a limit", page, 503, "", kSecondary, "server_error request"},
  {"504 without a word", account, 504, "", "", "server_error request"},
  {"502, the word is cut", page, 502, "", kHtml, "server_error request", Wire::cut_gzip},
  {"599", page, 599, "", "", "server_error request"},
  {"request timeout", page, 408, "", "", "server_error request"},
};
// clang-format on

}  // namespace

std::span<const Card> refusals() {
  return kCards;
}

}  // namespace repopipe::testing
