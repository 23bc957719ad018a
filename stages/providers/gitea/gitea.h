// The API of Gitea and Forgejo (also Codeberg): the repositories of an account.
#pragma once

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGitea;
extern const Resource kGiteaRepositories;

}  // namespace repopipe
