// What the tests of storage/ store: GitHub's repositories, and members of organisations as a
// resource of stays.
#pragma once

#include "pipeline/model/resource.h"

namespace repopipe {

Fields test_fields();  // of the repositories
Resources test_resources();

constexpr int kMembers = 7;  // no number of the product's
Fields member_fields();
Resources resources_with_members();

}  // namespace repopipe
