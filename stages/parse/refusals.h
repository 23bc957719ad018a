// What providers share in telling what a response means that is no answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/model/provider.h"

namespace repopipe {

// Whether the body holds these words, in whatever case; `words` are in lower case.
bool says(std::string_view body, std::string_view words);

// "HTTP 403: Resource not accessible", with what the API itself says, or else with `otherwise`.
std::string told(const Response& response, std::string_view body, std::string_view otherwise);

// Of a proxy, a load balancer or a web server that knows no API.  It says nothing of any account.
Refusal not_the_api(const Response& response);

// Now, by the server's clock where it tells: what it says of times was counted with that one.
std::chrono::sys_seconds server_time(const Response& response);

// Retry-After, in seconds or as a date; at least a second.  Nothing when it is missing, nonsense,
// or more than a week away.
std::optional<Duration> retry_after(const Response& response);

}  // namespace repopipe
