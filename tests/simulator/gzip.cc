#include "tests/simulator/gzip.h"

#include <libdeflate.h>

#include <cassert>
#include <new>

namespace repopipe::simulator {
namespace {

constexpr int kThorough = 6;  // compresses about as well as GitHub
// For a million small accounts speed is more important than size.
constexpr int kQuick = 1;
constexpr std::size_t kSmall = 32 << 10;  // bytes of text

}  // namespace

Gzip::Gzip()
    : thorough_(libdeflate_alloc_compressor(kThorough), libdeflate_free_compressor),
      quick_(libdeflate_alloc_compressor(kQuick), libdeflate_free_compressor),
      decompressor_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor) {
  if (!thorough_ || !quick_ || !decompressor_) throw std::bad_alloc();
}

std::string Gzip::compress(std::string_view plain) {
  libdeflate_compressor* compressor = (plain.size() < kSmall ? quick_ : thorough_).get();
  const std::size_t bound = libdeflate_gzip_compress_bound(compressor, plain.size());
  if (scratch_.size() < bound) scratch_.resize(bound);
  const std::size_t size = libdeflate_gzip_compress(compressor, plain.data(), plain.size(),
                                                    scratch_.data(), scratch_.size());
  assert(size > 0);
  return scratch_.substr(0, size);
}

std::string Gzip::inflate(std::string_view compressed, std::size_t size) {
  std::string out(size, '\0');
  const libdeflate_result result = libdeflate_gzip_decompress(
      decompressor_.get(), compressed.data(), compressed.size(), out.data(), out.size(), nullptr);
  assert(result == LIBDEFLATE_SUCCESS);
  static_cast<void>(result);
  return out;
}

}  // namespace repopipe::simulator
