// Messages on a byte stream: a length of four bytes, the highest first, and so many bytes.  Used
// between a run and its worker processes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"

namespace repopipe {

// Appends `payload` as a frame.  A payload of 4 GiB and more is a defect.
void append_frame(std::string& stream, std::string_view payload);

// Threading: one thread at a time.
class FrameReader {
 public:
  // A frame may announce at most so many bytes.
  explicit FrameReader(std::size_t longest) : longest_(longest) {}

  void add(std::string_view bytes) { buffer_.append(bytes); }

  // The next whole frame, if it is there.  The view lives until the next call of this object.  A
  // failure is of kind `malformed`: what follows on the stream cannot be read any more.
  Result<std::optional<std::string_view>> next();

 private:
  std::size_t longest_;
  std::string buffer_;
  std::size_t taken_ = 0;  // of the buffer's bytes
};

}  // namespace repopipe
