#include "pipeline/command/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cassert>

namespace repopipe {

std::string digest_of(std::string_view text) {
  constexpr std::size_t kKept = 16;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  [[maybe_unused]] const int done =
      EVP_Digest(text.data(), text.size(), bytes.data(), nullptr, EVP_sha256(), nullptr);
  assert(done == 1);
  std::string digits;
  for (std::size_t i = 0; i < kKept; ++i) digits += fmt::format("{:02x}", bytes[i]);
  return digits;
}

}  // namespace repopipe
