// A list of users in its text form: one a line, # comments, blank lines, CRLF and BOM allowed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/job/diagnostics.h"
#include "pipeline/job/files.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"

namespace repopipe {
// What a line says besides blanks and comments.
struct ListEntry {
  std::string_view text;  // lives until the next call to the reader
  Position at;
};

class LineReader {
 public:
  // Begins with the current chunk of `stream`, if it has one.
  explicit LineReader(ByteStream stream);

  // The next entry; one with an empty text: the list is over.  Memory is constant: a line above
  // 64 KiB is a failure.
  Result<ListEntry> next();

 private:
  Result<bool> next_line();

  ByteStream stream_;
  std::string_view rest_;  // of the stream's chunk
  std::string carried_;    // a line that began in an earlier chunk
  std::string_view line_;
  int number_ = 0;
};

// A list of users in a file of its own, or from standard input: checked in one pass and made ready
// for UsernameReader.  Memory is constant.

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
Result<CheckedUsers> check_users(const UserFile& file, const Provider& provider,
                                 Diagnostics& diagnostics);

}  // namespace repopipe
