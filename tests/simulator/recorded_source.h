// Listings from recordings: FOLDER/LOGIN/*.json, each a page as GitHub sent it.  The pages of a
// login are joined without duplicates and paged again.  All files are read at the start.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/simulator/source.h"

namespace repopipe::simulator {

class RecordedSource : public Source {
 public:
  // Files that are not JSON arrays, and *.headers.json, are ignored. Throws BadUsage if the folder
  // cannot be read, has no recording, or a file is not JSON.
  explicit RecordedSource(const std::filesystem::path& folder);

  std::optional<Account> find(const AccountKey& key) const override;

  // In the order of the recording.
  std::uint64_t append(const Account& account, Range range, std::string& out) const override;

 private:
  struct Recording {
    Account account;
    std::vector<std::string> elements;  // JSON text each
  };
  static Recording read_recording(const std::filesystem::path& folder, std::uint64_t ordinal);

  std::vector<Recording> recordings_;              // by ordinal
  std::map<std::string, std::uint64_t> ordinals_;  // by login in lower case
};

}  // namespace repopipe::simulator
