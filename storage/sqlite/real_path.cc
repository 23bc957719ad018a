#include "storage/sqlite/real_path.h"

#include <system_error>

namespace repopipe {

namespace fs = std::filesystem;

Result<fs::path> real_path(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_symlink(path, ignored) && !fs::exists(path, ignored)) {
    const fs::path target = fs::read_symlink(path, ignored);
    return fail(FailureKind::output, path.string() + ": is a link to " + target.string() +
                                         ", which does not exist; name the file itself");
  }
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(fs::absolute(path, ignored), failed);
  return failed ? fs::absolute(path, ignored) : real;
}

}  // namespace repopipe
