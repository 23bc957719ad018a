// Writes logins to a file, one per line, in the order of the calls.  Used by check_users.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/job/files.h"

namespace repopipe {

class LoginSpool {
 public:
  // `folder`: the folder of the file, for messages.
  LoginSpool(Descriptor file, std::filesystem::path folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  Status add(std::string_view login);
  // Writes the buffered rest and returns the file.
  Result<Descriptor> finish();

 private:
  Status flush();

  Descriptor file_;
  std::filesystem::path folder_;
  std::string buffer_;
};

}  // namespace repopipe
