#include "pipeline/job/tracked_input.h"

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace

TrackedInput::TrackedInput(std::string_view text) : rest_(without_mark(text)) {}

TrackedInput::TrackedInput(ByteStream& stream)
    : stream_(&stream), rest_(without_mark(stream.chunk())) {}

bool TrackedInput::at_end() {
  if (!rest_.empty()) return false;
  if (stream_ == nullptr || !failure_) return true;
  failure_ = stream_->advance();
  if (!failure_) return true;
  rest_ = stream_->chunk();
  return rest_.empty();
}

void TrackedInput::advance() {
  const char c = rest_.front();
  rest_.remove_prefix(1);
  if (is_continuation(c)) return;
  const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':';
  if (!token_ && !blank) {
    (c == ',' ? comma_ : token_) = here_;
    if (c != ',') token_first_ = c;
  }
  last_ = c;
  last_at_ = here_;
  if (c == '\n') {
    here_ = {here_.line + 1, 1};
  } else {
    ++here_.column;
  }
}

void TrackedInput::token_over() {
  token_.reset();
  token_first_ = '\0';
  comma_.reset();
}

void TrackedInput::number_over() {
  token_over();
  if (last_ == ',') comma_ = last_at_;
  if (last_ != ']' && last_ != '}') return;
  token_ = last_at_;
  token_first_ = last_;
}

}  // namespace repopipe
