#include "stages/parse/inflate.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

// A gzip member ends with its length modulo 2^32 (RFC 1952, section 2.3.1).  It is only a hint: the
// stream may be truncated or wrong.
std::size_t announced_length(std::string_view body) {
  if (body.size() < 18) return 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(body[body.size() - 4 + i]))
              << (8 * i);
  }
  return length;
}

// After a member there may be padding zeros, another member, or garbage.
bool has_member(std::string_view rest) {
  const std::size_t begin = rest.find_first_not_of('\0');
  return begin != std::string_view::npos && rest[begin] == '\x1f';
}

tl::unexpected<Failure> too_large(Bytes limit) {
  return fail(FailureKind::too_large, "the body is larger than fetch.max_body, " + show(limit));
}

}  // namespace

void Inflater::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {}
Inflater::~Inflater() = default;

Result<PaddedText> Inflater::inflate(std::string_view body,
                                     std::optional<std::string_view> encoding, Bytes limit) {
  if (!encoding || encoding->empty() || equal_ignoring_case(*encoding, "identity")) {
    return copy(body, limit);
  }
  if (equal_ignoring_case(*encoding, "gzip") || equal_ignoring_case(*encoding, "x-gzip")) {
    return gunzip(body, limit);
  }
  return fail(
      FailureKind::malformed,
      fmt::format("the body is encoded as \"{}\", which was not requested", printable(*encoding)));
}

Result<PaddedText> Inflater::copy(std::string_view body, Bytes limit) {
  if (body.size() > limit.count) return too_large(limit);
  std::memcpy(buffer_.reserve(body.size()), body.data(), body.size());
  return buffer_.text(body.size());
}

Result<PaddedText> Inflater::gunzip(std::string_view body, Bytes limit) {
  std::size_t read = 0;
  auto first = gunzip_member(body, limit, 0, read);
  if (!first || !has_member(body.substr(read))) return first;
  // Rare: several members (RFC 1952, section 2.2).
  std::string whole(first->text);
  while (has_member(body.substr(read))) {
    body.remove_prefix(read);
    body.remove_prefix(body.find_first_not_of('\0'));
    auto next = gunzip_member(body, limit, whole.size(), read);
    if (!next) return next;
    whole += next->text;
  }
  return copy(whole, limit);
}

Result<PaddedText> Inflater::gunzip_member(std::string_view body, Bytes limit, std::size_t before,
                                           std::size_t& read) {
  const std::size_t most = limit.count - before;
  // Deflate compresses at most 1032 times, which bounds the memory for a wrong length.
  std::size_t capacity = std::min({announced_length(body), body.size() * 1032, most});
  while (true) {
    std::size_t length = 0;
    char* out = buffer_.reserve(capacity);
    switch (libdeflate_gzip_decompress_ex(decompressor_.get(), body.data(), body.size(), out,
                                          capacity, &read, &length)) {
      case LIBDEFLATE_SUCCESS:
        return buffer_.text(length);
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (capacity >= most) return too_large(limit);
        capacity = std::min<std::size_t>(std::max<std::size_t>(capacity * 2, 4096), most);
        break;
      case LIBDEFLATE_SHORT_OUTPUT:
      case LIBDEFLATE_BAD_DATA:
        return fail(FailureKind::transport, "the gzip body is truncated or corrupt");
    }
  }
}

}  // namespace repopipe
