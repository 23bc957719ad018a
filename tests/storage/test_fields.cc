#include "tests/storage/test_fields.h"

#include "stages/providers/github_fields.h"

namespace repopipe {

Fields test_fields() {
  return github_fields();
}

}  // namespace repopipe
