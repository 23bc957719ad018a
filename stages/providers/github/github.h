// The REST API of GitHub and GitHub Enterprise Server.  Each resource has a file of its own.
#pragma once

#include "pipeline/model/provider.h"

namespace repopipe {

extern const Provider kGithub;
extern const Resource kGithubRepositories;
extern const Resource kGithubMembers;

}  // namespace repopipe
