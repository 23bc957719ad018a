// Keeps logins in a file, one a line, in the order they come.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "pipeline/job/file_handle.h"

namespace repopipe {

class LoginSpool {
 public:
  explicit LoginSpool(FileHandle file) : file_(std::move(file)) {}

  Status add(std::string_view login);
  // Writes what is left and gives the file away.
  Result<FileHandle> finish();

 private:
  Status flush();

  FileHandle file_;
  std::string buffer_;
};

}  // namespace repopipe
