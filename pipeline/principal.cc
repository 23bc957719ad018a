#include "pipeline/principal.h"

namespace repopipe {
namespace {

// FNV-1a, 64 bits, then a finaliser that spreads small differences (both in the public domain).
std::uint64_t score(std::string_view login, std::uint32_t principal) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (const char c : login) mix(static_cast<unsigned char>(c));
  for (int shift = 0; shift < 32; shift += 8) mix(static_cast<unsigned char>(principal >> shift));
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  return hash;
}

}  // namespace

std::uint32_t principal_of(std::string_view folded_login, std::uint32_t principals) {
  std::uint32_t best = 0;
  for (std::uint32_t principal = 1; principal < principals; ++principal) {
    if (score(folded_login, principal) > score(folded_login, best)) best = principal;
  }
  return best;
}

}  // namespace repopipe
