// What the API itself says of a request that it refuses: the member `message` of a JSON object
// (GitHub docs, "Troubleshooting the REST API").  A proxy's page has none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// One line of printable text, at most 200 characters.  Nothing: the body is no JSON object with a
// text `message`, so it is not the API's.  `body` is inflated.  Threading: any.
std::optional<std::string> api_message(std::string_view body);

// Is there a body that is no answer of the API, such as a proxy's page of HTML?
bool is_foreign(std::string_view body);

}  // namespace repopipe
