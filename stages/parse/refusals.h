// Functions that providers share to classify error responses.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/model/provider.h"

namespace repopipe {

// Whether the body contains the words, ignoring case; `words` are in lower case.
bool says(const ErrorBody& body, std::string_view words);

// "HTTP 403: Resource not accessible", with the API's message, or else with `otherwise`.
std::string told(const Response& response, const ErrorBody& body, std::string_view otherwise);

// Whether there is a body that is not from the API, such as a proxy's HTML page.
bool is_foreign(const ErrorBody& body);

// A response of a proxy, load balancer or web server.  It says nothing about an account.
Refusal not_the_api(const Response& response);

// The current time by the server's clock if it sends one; the server's times refer to it.
std::chrono::sys_seconds server_time(const Response& response);

// Retry-After, in seconds or as a date; at least one second.  Nothing: it is missing, invalid, or
// more than a week away.
std::optional<Duration> retry_after(const Response& response);

}  // namespace repopipe
