// The fields of GitHub's repositories, as the tests of storage/ use them.
#pragma once

#include "pipeline/model/resource.h"

namespace repopipe {

Fields test_fields();

}  // namespace repopipe
