// Gzip in memory (libdeflate).  One per thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace repopipe::simulator {

class Gzip {
 public:
  Gzip();

  std::string compress(std::string_view plain);

  // `compressed` is the result of compress() for a text of exactly `size` bytes.
  std::string inflate(std::string_view compressed, std::size_t size);

 private:
  using Compressor = std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)>;

  Compressor thorough_, quick_;
  std::string scratch_;  // with the size of the largest bound so far
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor_;
};

}  // namespace repopipe::simulator
