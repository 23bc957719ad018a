// The job file that `init` writes.
#pragma once

#include <string>

namespace repopipe {

struct SampleJob {
  std::string users_file{};  // value of source.usernames_file; empty: the job names one user
  std::string schema{};      // of the editor: a path or an address
  bool full = false;         // every key, as a comment with its default and meaning
};

// In YAML.
std::string sample_job(const SampleJob& sample);

}  // namespace repopipe
