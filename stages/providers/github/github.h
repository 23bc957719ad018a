// GitHub's REST API, and GitHub Enterprise Server's: the listing of a user's repositories.
#pragma once

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGithub;

}  // namespace repopipe
