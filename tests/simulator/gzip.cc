#include "tests/simulator/gzip.h"

#include <libdeflate.h>

#include <cassert>
#include <new>

namespace repopipe::simulator {
namespace {

constexpr int kLevel = 6;  // GitHub's pages shrink about as much

}  // namespace

Gzip::Gzip()
    : compressor_(libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor),
      decompressor_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor) {
  if (!compressor_ || !decompressor_) throw std::bad_alloc();
}

std::string Gzip::compress(std::string_view plain) {
  std::string out(libdeflate_gzip_compress_bound(compressor_.get(), plain.size()), '\0');
  const std::size_t size = libdeflate_gzip_compress(compressor_.get(), plain.data(), plain.size(),
                                                    out.data(), out.size());
  assert(size > 0);
  return out.substr(0, size);  // a copy, because the bound is as large as the text itself
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
