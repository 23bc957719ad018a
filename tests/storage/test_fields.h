// The fields of GitHub's repositories, as the tests of storage/ use them.
#pragma once

#include "pipeline/model/field.h"

namespace repopipe {

Fields test_fields();

}  // namespace repopipe
