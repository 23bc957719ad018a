// Files that are opened, and reading from them in large pieces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"

namespace repopipe {

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

}  // namespace repopipe
