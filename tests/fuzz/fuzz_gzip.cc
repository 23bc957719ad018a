// Any bytes as a compressed body; and any bytes compressed, which must come back whole.
#include <cstddef>
#include <cstdint>

#include "stages/parse/inflate.h"
#include "tests/fuzz/require.h"
#include "tests/testing/gzip.h"

namespace repopipe::fuzz {
namespace {

constexpr Bytes kLimit{1 << 20};
constexpr Bytes kSmallLimit{1000};

// The text, copied: the next call takes its memory.
Result<std::string> inflate(Inflater& inflater, std::string_view body, Bytes limit) {
  const auto encoding = std::optional<std::string_view>("gzip");
  const Result<PaddedText> text = inflater.inflate(body, encoding, limit);
  if (!text) {
    require_line(text.error().message);
    return fail(text.error());
  }
  require(text->text.size() <= limit.count, "a body is never larger than the limit");
  require(text->capacity >= text->text.size() + kPadding, "there is room behind a body");
  return std::string(text->text.data(), text->text.size());
}

bool alike(const Result<std::string>& left, const Result<std::string>& right) {
  if (left && right) return *left == *right;
  return !left && !right && left.error() == right.error();
}

void check_bytes(std::string_view body) {
  static Inflater used;
  Inflater fresh;
  const Result<std::string> text = inflate(fresh, body, kLimit);
  require(alike(text, inflate(used, body, kLimit)), "inflating again comes to the same");
  const Result<std::string> small = inflate(used, body, kSmallLimit);
  if (small || small.error().kind == FailureKind::transport) {
    return require(alike(small, text), "a higher limit changes nothing else");
  }
  require(small.error().kind == FailureKind::too_large, "gzip was asked for");
}

void check_round_trip(std::string_view text) {
  Inflater inflater;
  const Result<std::string> back = inflate(inflater, testing::gzip(text), kLimit);
  require(back && *back == text, "what was compressed comes back");
  const Result<std::string> small = inflate(inflater, testing::gzip(text), kSmallLimit);
  require(small.has_value() == (text.size() <= kSmallLimit.count), "the limit is exact");
}

}  // namespace
}  // namespace repopipe::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body = repopipe::fuzz::text_of(bytes, size);
  repopipe::fuzz::check_bytes(body);
  if (size <= repopipe::fuzz::kLimit.count) repopipe::fuzz::check_round_trip(body);
  return 0;
}
