// The API of Gitea and Forgejo (also Codeberg): the repositories of an account.
#pragma once

#include <string_view>

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGitea;
extern const Resource kGiteaRepositories;

// See Provider::error.
Refusal gitea_error(const Response& response, const ErrorBody& body);

}  // namespace repopipe
