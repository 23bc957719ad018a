// Listings read from recordings: FOLDER/LOGIN/*.json, each a page as GitHub sent it.  The pages of
// a login become one listing, without doubles, that is paged anew.  Everything is read once, at the
// start.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/simulator/source.h"

namespace repopipe::simulator {

class RecordedSource : public Source {
 public:
  // Files that are no JSON array, and *.headers.json, are passed over.
  // Throws BadUsage when the folder cannot be read, holds no recording, or a file is not JSON.
  explicit RecordedSource(const std::filesystem::path& folder);

  std::optional<Account> find(const AccountKey& key) const override;

  // In the order of the recording, whatever that was.
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
