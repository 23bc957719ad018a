// Keeps logins in a file, one a line, in the order they come.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/job/files.h"

namespace repopipe {

class LoginSpool {
 public:
  // `folder`: where the file is, for messages.
  LoginSpool(Descriptor file, std::filesystem::path folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  Status add(std::string_view login);
  // Writes what is left and gives the file away.
  Result<Descriptor> finish();

 private:
  Status flush();

  Descriptor file_;
  std::filesystem::path folder_;
  std::string buffer_;
};

}  // namespace repopipe
