#include "pipeline/compare/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

namespace repopipe {

Result<ScratchFolder> ScratchFolder::beside(const std::filesystem::path& database) {
  std::string name = database.string() + "-compare-XXXXXX";
  if (mkdtemp(name.data()) != nullptr) return ScratchFolder(std::filesystem::path(name));
  return fail(FailureKind::output, "no scratch folder can be made beside " + database.string() +
                                       ": " + std::strerror(errno) +
                                       "; name a database elsewhere with --set store.database=");
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // what cannot be removed now is nobody's concern but its owner's
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace repopipe
