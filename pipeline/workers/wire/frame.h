// Frames on a byte stream: a length of four bytes, big-endian, then the payload.  Used between a
// run and its worker processes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"

namespace repopipe {

// Appends `payload` as a frame; it must be smaller than 4 GiB.
void append_frame(std::string& stream, std::string_view payload);

// Threading: one thread at a time.
class FrameReader {
 public:
  // `longest`: maximum length of a frame in bytes.
  explicit FrameReader(std::size_t longest) : longest_(longest) {}

  void add(std::string_view bytes) { buffer_.append(bytes); }

  // The next complete frame, if there is one.  The view is valid until the next call.  A failure is
  // of kind `malformed`: the stream is unusable.
  Result<std::optional<std::string_view>> next();

 private:
  std::size_t longest_;
  std::string buffer_;
  std::size_t taken_ = 0;  // bytes of the buffer that were returned
};

}  // namespace repopipe
