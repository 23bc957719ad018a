#include "tests/storage/test_fields.h"

#include "stages/providers/github/github_fields.h"

namespace repopipe {

Fields test_fields() {
  return github_fields();
}

}  // namespace repopipe
