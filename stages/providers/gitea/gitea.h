// The API of Gitea and Forgejo, which is also Codeberg's: the listing of an account's repositories.
#pragma once

#include <string_view>

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGitea;
extern const Resource kGiteaRepositories;

// See Provider::error.
Refusal gitea_error(const Response& response, std::string_view body);

}  // namespace repopipe
