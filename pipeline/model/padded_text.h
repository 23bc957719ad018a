// Text with room behind it, and memory for such texts that is used again from page to page.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace repopipe {

// simdjson reads up to so many bytes behind the end of a text.
constexpr std::size_t kPadding = 64;

// Text with `capacity - text.size()` readable bytes behind it: at least kPadding.
struct PaddedText {
  std::string_view text;
  std::size_t capacity = 0;
};

// A growing buffer that never zeroes what it hands out.  Threading: one thread at a time.
class ScratchBuffer {
 public:
  // At least `size` bytes and the padding behind them.  What was in it before is lost; without
  // memory it throws, and is empty.
  char* reserve(std::size_t size) {
    if (size + kPadding > capacity_) {
      capacity_ = 0;
      data_.reset();
      data_ = std::make_unique_for_overwrite<char[]>(size + kPadding);
      capacity_ = size + kPadding;
    }
    return data_.get();
  }
  // Behind it stands a NUL: simdjson looks at one byte there (its issue 1834), and what it says of
  // a damaged text must not depend on the text before.
  PaddedText text(std::size_t size) {
    data_[size] = '\0';
    return {{data_.get(), size}, capacity_};
  }
  PaddedText copy(std::string_view text_without_padding) {
    const std::size_t size = text_without_padding.size();
    std::memcpy(reserve(size), text_without_padding.data(), size);
    return text(size);
  }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
};

}  // namespace repopipe
