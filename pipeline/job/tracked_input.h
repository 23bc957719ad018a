// Characters for nlohmann's JSON parser, which does not say where a value begins: this keeps line
// and column of what is being read.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

#include "pipeline/job/diagnostic.h"
#include "pipeline/job/files.h"

namespace repopipe {

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
