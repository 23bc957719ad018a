// Keeps logins in a file, one a line, in the order they come.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "pipeline/job/files.h"

namespace repopipe {

class LoginSpool {
 public:
  explicit LoginSpool(Descriptor file) : file_(std::move(file)) {}

  Status add(std::string_view login);
  // Writes what is left and gives the file away.
  Result<Descriptor> finish();

 private:
  Status flush();

  Descriptor file_;
  std::string buffer_;
};

}  // namespace repopipe
