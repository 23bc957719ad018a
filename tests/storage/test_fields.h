// The resources of the tests of storage/: GitHub's repositories, and members of organisations as a
// resource of stays.
#pragma once

#include "pipeline/model/resource.h"

namespace repopipe {

Fields test_fields();  // of the repositories
Resources test_resources();

constexpr int kMembers = 7;  // not an id of the program
Fields member_fields();
Resources resources_with_members();

}  // namespace repopipe
