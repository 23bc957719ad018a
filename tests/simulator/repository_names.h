// Names of made-up repositories: unlike within an account even when case is ignored, on every day.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/evolution.h"

namespace repopipe::simulator {

// `renames`: how often the repository has been renamed so far.  A name once used is not used again.
std::string repository_name(std::uint64_t seed, const RepositoryKey& key, int renames);

}  // namespace repopipe::simulator
