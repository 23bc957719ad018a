// Memory that parsing uses again from page to page.  One a thread at a time.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace repopipe {

// Text with `capacity - text.size()` readable bytes behind it: at least simdjson's padding.
struct PaddedText {
  std::string_view text;
  std::size_t capacity = 0;
};

struct JsonScratch {
  simdjson::ondemand::parser parser;
};

// A growing buffer that never zeroes what it hands out.
class ScratchBuffer {
 public:
  // At least `size` bytes and the padding behind them.  What was in it before is lost.
  char* reserve(std::size_t size) {
    if (size + simdjson::SIMDJSON_PADDING > capacity_) {
      capacity_ = size + simdjson::SIMDJSON_PADDING;
      data_ = std::make_unique_for_overwrite<char[]>(capacity_);
    }
    return data_.get();
  }
  PaddedText text(std::size_t size) const { return {{data_.get(), size}, capacity_}; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
};

}  // namespace repopipe
