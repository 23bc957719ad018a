// A list of users in its text form: one a line, # comments, blank lines, CRLF and BOM allowed.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/job/diagnostic.h"
#include "pipeline/job/files.h"

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

}  // namespace repopipe
