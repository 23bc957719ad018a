// The stored fields of a repository, with GitHub's names.
#pragma once

#include <array>

#include "pipeline/model/resource.h"

namespace repopipe {

// Source: the response schema of GET /users/{username}/repos in GitHub's REST API, 2022-11-28.
// Without URLs that follow from others, and without watchers*, which equal the stars.
Fields github_fields();

extern const std::array<const Resource*, 1> kGithubResources;

}  // namespace repopipe
