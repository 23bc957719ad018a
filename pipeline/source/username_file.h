// A list of users in a file or on standard input: as text (one per line; # comments, blank lines,
// CRLF and a byte order mark are allowed) or as a JSON array.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/job/document/diagnostics.h"
#include "pipeline/job/document/files.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"

namespace repopipe {

// A line without blanks and comments.
struct ListEntry {
  std::string_view text;  // valid until the next call of the reader
  Position at;
};

class LineReader {
 public:
  // Begins with the current chunk of `stream`.
  explicit LineReader(ByteStream stream);

  // The next entry; an empty text at the end of the list.  Memory is constant: a line of more than
  // 64 KiB is a failure.
  Result<ListEntry> next();

 private:
  Result<bool> next_line();

  ByteStream stream_;
  std::string_view rest_;  // the unread part of the stream's chunk
  std::string carried_;    // the beginning of a line, from earlier chunks
  std::string_view line_;
  int number_ = 0;
};

// The input of check_users.  A pipe cannot be read twice, and a JSON array cannot be read by line:
// their logins are copied to an unnamed file in `temporary_folder`.
struct UserFile {
  int descriptor = -1;  // owned by the caller
  ReadFrom from = ReadFrom::start;
  std::string name;  // for messages
  std::filesystem::path temporary_folder;
};

struct CheckedUsers {
  std::uint64_t count = 0;        // all entries, valid or not
  std::uint64_t fingerprint = 0;  // see LoginCheck
  Descriptor copy;                // open if the list was copied
};

// Reads the list once and checks each entry.  Reports entries that are not usernames to
// `diagnostics`.  Fails if the list cannot be read.  Memory is constant.
Result<CheckedUsers> check_users(const UserFile& file, const Provider& provider,
                                 Diagnostics& diagnostics);

}  // namespace repopipe
