// Everybody a job names, checked.  Only the job file's own list is held in memory; a list in a file
// or from standard input stays on disk and is read by UsernameReader as the run goes on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/base/system.h"

namespace repopipe {

struct UserList {
  std::vector<std::string> inline_logins;  // `source.usernames`
  Descriptor file;                         // one login a line, # comments; not open: there is none
  std::string file_name;                   // of `file`, for messages
  std::uint64_t count = 0;                 // entries of both, duplicates included
  std::uint64_t file_fingerprint = 0;      // of the logins in `file`
};

}  // namespace repopipe
