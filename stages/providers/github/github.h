// The REST API of GitHub and GitHub Enterprise Server.  Each resource has a file of its own.
#pragma once

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGithub;
extern const Resource kGithubRepositories;
extern const Resource kGithubMembers;

// See Provider::rate_limits (GitHub docs, "Rate limits for the REST API").  `wait` is not set,
// because it depends on the status.
RateLimitInfo github_rate_limits(const Response& response);

// See Provider::error: for any status that is no page, not 304 and no redirect.
Refusal github_refusal(const Response& response, const ErrorBody& body);

}  // namespace repopipe
