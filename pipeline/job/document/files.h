// Reads the files of a job: the job file as a whole, lists of users as streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/job/document/diagnostics.h"

namespace repopipe {

// The whole file without its byte order mark.  Nothing if it cannot be read, is empty, is larger
// than 64 MiB or is not text; the reason is then in `diagnostics`.
std::optional<std::string> read_source_text(const std::filesystem::path& file, Place place,
                                            Diagnostics& diagnostics);

// Whether `text` is UTF-8 without control characters; reports the first position that is not.
bool check_text(std::string_view text, Place place, Diagnostics& diagnostics);

// A failure has only the reason ("there is no such file"); the caller adds the purpose.
Result<Descriptor> open_for_reading(const std::filesystem::path& path);

// Creates a file without a name, for reading and writing; it is deleted when it is closed.  Fails
// as `database`: the disk failed.
Result<Descriptor> make_unnamed_file(const std::filesystem::path& folder);

bool is_regular(const Descriptor& file);

// A failure has only the reason, and is of kind `database`.
Status write_all(const Descriptor& file, std::string_view bytes);

// Where a stream begins: at the start of a file (with pread, so several streams can read the same
// descriptor), or at the current position of the descriptor (as a pipe requires).
enum class ReadFrom { start, here };

// The bytes of a descriptor in chunks of up to 256 KiB.  The descriptor outlives the stream.
class ByteStream {
 public:
  ByteStream(int descriptor, ReadFrom from) : descriptor_(descriptor), from_(from) {}

  ByteStream(ByteStream&&) = default;  // keeps the current chunk
  ByteStream& operator=(ByteStream&&) = delete;

  // Reads the next chunk; it is empty at the end.
  Status advance();
  // The current chunk.  Valid until the next advance().
  std::string_view chunk() const { return chunk_; }

 private:
  int descriptor_;
  ReadFrom from_;
  std::int64_t offset_ = 0;
  std::string buffer_;
  std::string_view chunk_;
};

// The input of nlohmann's JSON parser, which does not report where a value begins: this tracks line
// and column.  Between two tokens of JSON are only blanks, commas and colons, so the first other
// character after a token begins the next one.
class TrackedInput {
 public:
  // Both skip a byte order mark.  The argument outlives the input.
  explicit TrackedInput(std::string_view text);
  explicit TrackedInput(ByteStream& stream);

  // Whether all is read.  A stream also ends when it fails; failure() then has the reason.
  bool at_end();
  char current() const { return rest_.front(); }
  void advance();

  // Call one of them at each event of the parser.  For a number, the parser has already read the
  // character after it.
  void token_over();
  void number_over();

  Position token_start() const { return token_.value_or(here_); }
  // The first character of the token; '\0' if there is none.
  char token_first() const { return token_first_; }
  // The comma between the last token and this one.
  std::optional<Position> comma() const { return comma_; }
  Position here() const { return here_; }
  Status failure() const { return failure_; }

 private:
  ByteStream* stream_ = nullptr;
  std::string_view rest_;
  Status failure_;
  Position here_{1, 1};
  Position last_at_{1, 1};
  char last_ = ' ';
  std::optional<Position> token_;
  char token_first_ = '\0';
  std::optional<Position> comma_;
};

// An input iterator over TrackedInput.  The default-constructed one is the end.
class InputCursor {
 public:
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;
  using iterator_category = std::input_iterator_tag;

  InputCursor() = default;
  explicit InputCursor(TrackedInput& input) : input_(&input) {}

  char operator*() const { return input_->current(); }
  InputCursor& operator++() {
    input_->advance();
    return *this;
  }
  void operator++(int) { input_->advance(); }
  friend bool operator==(const InputCursor& left, const InputCursor& right) {
    return left.over() == right.over();
  }

 private:
  bool over() const { return input_ == nullptr || input_->at_end(); }

  TrackedInput* input_ = nullptr;
};

}  // namespace repopipe
