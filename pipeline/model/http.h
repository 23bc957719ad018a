// An HTTP response and its timings; text with the padding that simdjson needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/base/units.h"

namespace repopipe {

// The header fields of one response in their order.  Names are compared without regard to case (RFC
// 9110, section 5.1).

class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  void add(std::string_view name, std::string_view value);

  // The first field of that name.  The view is valid until this object changes.
  std::optional<std::string_view> find(std::string_view name) const;

  // All fields of that name as one list, joined by commas (RFC 9110, section 5.2).
  std::optional<std::string> combined(std::string_view name) const;

  std::size_t size() const { return fields_.size(); }

 private:
  struct Field {  // position of the name in `text_`; the value follows it
    std::size_t begin;
    std::size_t name_size;
    std::size_t value_size;
  };

  std::string_view name_of(const Field& field) const {
    return {text_.data() + field.begin, field.name_size};
  }
  std::string_view value_of(const Field& field) const {
    return {text_.data() + field.begin + field.name_size, field.value_size};
  }

  std::string text_;  // of all fields, since most are never read
  std::vector<Field> fields_;
};

// An HTTP response with undecoded body, and how long each phase took.

// The phases of a request, each measured from its start (libcurl's CURLINFO_*_TIME_T).  A phase
// that did not occur, such as TLS on a reused connection, has the value of the previous one.
struct Timing {
  WallTime started_at{};
  Time started{};
  Duration name_lookup{};
  Duration connect{};
  Duration tls{};
  Duration first_byte{};
  Duration total{};

  friend bool operator==(const Timing&, const Timing&) = default;
};

struct Response {
  int status = 0;
  std::string http_version{};  // "1.1" or "2"
  Headers headers{};
  std::string body{};            // still compressed, see Content-Encoding
  WallTime received_at{};        // by this machine's clock
  std::uint64_t wire_bytes = 0;  // headers and body as received
};

// Text with padding, and a reusable buffer for it.

// Bytes that simdjson may read after the end of a text.
constexpr std::size_t kPadding = 64;

// Text followed by `capacity - text.size()` readable bytes, at least kPadding.
struct PaddedText {
  std::string_view text;
  std::size_t capacity = 0;
};

// A growing buffer that is not zeroed.  Threading: one thread at a time.
class ScratchBuffer {
 public:
  // At least `size` bytes plus padding.  The previous content is lost.  Throws std::bad_alloc, and
  // is then empty.
  char* reserve(std::size_t size) {
    if (size + kPadding > capacity_) {
      capacity_ = 0;
      data_.reset();
      data_ = std::make_unique_for_overwrite<char[]>(size + kPadding);
      capacity_ = size + kPadding;
    }
    return data_.get();
  }
  // A NUL follows the text: simdjson reads one byte there (its issue 1834), and its verdict on an
  // invalid text must not depend on the previous content.
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
