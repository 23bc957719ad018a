// What the headers of GitHub's responses tell of quotas, waits and tokens (GitHub docs, "Rate
// limits for the REST API").
#pragma once

#include <optional>

#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"

namespace repopipe {

// Quota and token's end; `wait` stays open, because it depends on what the response means.
RateLimitInfo github_rate_limits(const Response& response);

}  // namespace repopipe
