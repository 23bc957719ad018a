// The REST API of GitHub and GitHub Enterprise Server: the repositories of a user.
#pragma once

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGithub;

}  // namespace repopipe
