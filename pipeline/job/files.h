// The files of a job: the text of a job file, and lists that are read as streams.
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
#include "pipeline/job/diagnostics.h"

namespace repopipe {

// The text of a job file before it is parsed.

// The whole file without its byte order mark; nothing when it cannot be had, is empty or larger
// than 64 MiB, or is not text.
std::optional<std::string> read_source_text(const std::filesystem::path& file, Place place,
                                            Diagnostics& diagnostics);

// Whether `text` is UTF-8 without control characters; reports the first place that is not.
bool check_text(std::string_view text, Place place, Diagnostics& diagnostics);

// Files that are opened, and reading from them in large pieces.

// Fails with the reason alone ("no such file", "is a directory"); what it was for is the caller's
// to say.
Result<Descriptor> open_for_reading(const std::filesystem::path& path);

// A file for reading and writing that has no name and is gone once closed.  It and what is written
// to it fail as `database`: it is the disk.
Result<Descriptor> make_unnamed_file(const std::filesystem::path& folder);

bool is_regular(const Descriptor& file);

// Fails with the reason alone.
Status write_all(const Descriptor& file, std::string_view bytes);

// From where a stream reads: a file of its own from the start, however often it was read before;
// or what somebody else opened, from where it stands (pipes have no start to go back to).
enum class ReadFrom { start, here };

// The bytes of a descriptor in chunks of up to 256 KiB.  The descriptor outlives the stream.
class ByteStream {
 public:
  ByteStream(int descriptor, ReadFrom from) : descriptor_(descriptor), from_(from) {}

  ByteStream(ByteStream&&) = default;  // chunk() of the new one shows what this one's did
  ByteStream& operator=(ByteStream&&) = delete;

  // Makes the next chunk the current one; an empty chunk: the end.
  Status advance();
  // Lives until the next advance().
  std::string_view chunk() const { return chunk_; }

 private:
  int descriptor_;
  ReadFrom from_;
  std::int64_t offset_ = 0;
  std::string buffer_;
  std::string_view chunk_;
};

// Characters for nlohmann's JSON parser, which does not say where a value begins: this keeps line
// and column of what is being read.

// Between two tokens of JSON stand only blanks, commas and colons; so the first other character
// after a token is where the next one begins.
class TrackedInput {
 public:
  // Both skip a byte order mark.  What is given outlives the input.
  explicit TrackedInput(std::string_view text);
  explicit TrackedInput(ByteStream& stream);

  // Whether everything is read; a stream that fails ends, and failure() says why.
  bool at_end();
  char current() const { return rest_.front(); }
  void advance();

  // To be called at each event of the parser.  Numbers end only where something else begins, so the
  // character behind them is read already.
  void token_over();
  void number_over();

  Position token_start() const { return token_.value_or(here_); }
  // Its first character; '\0' when there is none.
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

// The input as a pair of iterators; one made of nothing is the end.
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
