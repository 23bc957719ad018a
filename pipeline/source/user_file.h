// A list of users in a file of its own, or from standard input: checked in one pass and made ready
// for UsernameReader.  Memory is constant.
#pragma once

#include <filesystem>
#include <string>

#include "pipeline/job/diagnostics.h"
#include "pipeline/job/files.h"
#include "pipeline/model/interfaces.h"

namespace repopipe {

// What is to be read.  A pipe and a JSON array cannot be read a second time or not line by line:
// their logins are copied to an unnamed file in `temporary_folder`.
struct UserFile {
  int descriptor = -1;  // the caller's
  ReadFrom from = ReadFrom::start;
  std::string name;  // for messages
  std::filesystem::path temporary_folder;
};

// How many entries there are, and the copy, if there had to be one.
struct CheckedUsers {
  std::uint64_t count = 0;        // entries, good and bad
  std::uint64_t fingerprint = 0;  // see LoginCheck
  Descriptor copy;
};

// Entries that are not usernames go to `diagnostics`; what keeps the list from being read is a
// failure.
Result<CheckedUsers> check_users(const UserFile& file, Diagnostics& diagnostics);

}  // namespace repopipe
