// A job in a temporary folder, and the runs of it: what cron and its owner would do.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"

namespace repopipe::e2e {

class Nightly {
 public:
  // `nightly.yaml` for the API at `base_url`, without pauses and limits, with `users.txt`.
  Nightly(std::string base_url, const std::vector<std::string>& users);

  // Uses another API from now on.
  void ask(const std::string& base_url);
  void list(const std::vector<std::string>& users) const;

  // `repopipe run nightly.yaml` or `repopipe compare nightly.yaml` with these arguments; not
  // started.
  Program program(std::vector<std::string> arguments = {}) const;
  Program compare(std::vector<std::string> arguments) const;
  Ended run(std::vector<std::string> arguments = {}) const;

  const TempFolder& folder() const { return *folder_; }
  std::filesystem::path job() const { return *folder_ / "nightly.yaml"; }
  std::filesystem::path database() const { return *folder_ / "repos.db"; }

 private:
  std::unique_ptr<TempFolder> folder_ = std::make_unique<TempFolder>();
};

// The database after one run with exit code 0 of these users; fails the test otherwise.
std::vector<std::string> facts_after(const std::string& base_url,
                                     const std::vector<std::string>& users);

}  // namespace repopipe::e2e
