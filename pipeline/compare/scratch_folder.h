// A folder for what is thrown away afterwards, gone with the object.
#pragma once

#include <filesystem>

#include "pipeline/base/failure.h"

namespace repopipe {

class ScratchFolder {
 public:
  // `repos.db-compare-XXXXXX` beside `database`: runs are measured on the disk that they would
  // write to, and there is room for them.  A failure is of kind `output`.
  static Result<ScratchFolder> beside(const std::filesystem::path& database);

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  // With all that is in it.
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;  // empty: moved from
};

}  // namespace repopipe
