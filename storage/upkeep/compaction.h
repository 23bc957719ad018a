// Rewrites the file of a database without free pages.  Used by `repopipe compact`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {

struct Compacted {
  std::uint64_t before = 0;  // bytes of the file
  std::uint64_t after = 0;
};

// Writes a copy beside the file, FILE-compact, and then renames it to FILE.  `path` is that of the
// database, whose lock is `lock`.  Meanwhile other programs can neither read nor write the
// database; if one has it open, fails with kind `overlap`.
// The copy has the mode and the owner of the file, and its page size follows from the number of its
// users.  After a failure, and after a crash at any moment, the path has the former file or the
// complete copy; the next compaction removes a copy that was left.
Result<Compacted> compact_database(const std::filesystem::path& path, const RunLock& lock,
                                   Resources resources,
                                   const std::function<void(const std::string&)>& told);

}  // namespace repopipe
