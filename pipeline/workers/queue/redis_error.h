// What an error means that Redis answers with: whether it passes, and what people can do about it.
#pragma once

#include <string_view>

#include "pipeline/base/failure.h"

namespace repopipe {

// Of kind `job` when no repetition will help: a cluster, a user without rights, a missing command.
// Then the message ends with a remedy.  Of kind `queue` otherwise.  `name`: the address, without
// secrets.
Failure objection_of_redis(std::string_view name, std::string_view error);

// The same for what a connection begins with, where everything stays wrong that does not say that
// it passes.
Failure refusal_of_redis(std::string_view name, std::string_view error);

}  // namespace repopipe
