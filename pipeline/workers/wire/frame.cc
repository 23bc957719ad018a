#include "pipeline/workers/wire/frame.h"

#include <fmt/format.h>

#include <cassert>
#include <cstdint>
#include <limits>

namespace repopipe {
namespace {

constexpr std::size_t kHead = 4;

std::uint32_t length_of(std::string_view head) {
  std::uint32_t length = 0;
  for (const char byte : head.substr(0, kHead)) {
    length = length << 8 | static_cast<unsigned char>(byte);
  }
  return length;
}

}  // namespace

void append_frame(std::string& stream, std::string_view payload) {
  assert(payload.size() <= std::numeric_limits<std::uint32_t>::max());
  for (int shift = 24; shift >= 0; shift -= 8) {
    stream.push_back(static_cast<char>(payload.size() >> shift & 0xff));
  }
  stream.append(payload);
}

Result<std::optional<std::string_view>> FrameReader::next() {
  std::string_view rest = std::string_view(buffer_).substr(taken_);
  if (rest.size() < kHead) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    return std::nullopt;
  }
  const std::size_t length = length_of(rest);
  if (length > longest_) {
    return fail(FailureKind::malformed,
                fmt::format("a message of {} bytes, more than the {} allowed", length, longest_));
  }
  rest.remove_prefix(kHead);
  if (rest.size() >= length) {
    taken_ += kHead + length;
    return rest.substr(0, length);
  }
  buffer_.erase(0, taken_);
  taken_ = 0;
  return std::nullopt;
}

}  // namespace repopipe
