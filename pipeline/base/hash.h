// The one hash of this program: FNV-1a with 64 bits, and a finaliser (both in the public domain).
// What comes of it decides about tokens and shards, so that its values never change.
#pragma once

#include <cstdint>
#include <string_view>

namespace repopipe {

class Fnv1a {
 public:
  constexpr void add(std::uint64_t word) { value_ = (value_ ^ word) * 1099511628211ULL; }
  // Byte by byte, as FNV-1a is defined.
  constexpr void add(std::string_view text) {
    for (const char c : text) add(std::uint64_t{static_cast<unsigned char>(c)});
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037ULL;
};

// Spreads small differences over all bits: the last step of MurmurHash3.
constexpr std::uint64_t spread(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  hash ^= hash >> 33;
  return hash;
}

}  // namespace repopipe
