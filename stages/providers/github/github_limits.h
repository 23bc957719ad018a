// Reads quotas, waits and token expiry from the headers of GitHub's responses (GitHub docs, "Rate
// limits for the REST API").
#pragma once

#include <optional>

#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"

namespace repopipe {

// Quota and expiry of the token; `wait` is not set, because it depends on the status.
RateLimitInfo github_rate_limits(const Response& response);

}  // namespace repopipe
