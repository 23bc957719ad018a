#include <gtest/gtest.h>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

std::uint64_t hash_of(std::string_view text) {
  Fnv1a hash;
  hash.add(text);
  return hash.value();
}

// The test vectors of FNV's authors (http://www.isthe.com/chongo/tech/comp/fnv/).
TEST(Fnv1a, IsThatOfItsAuthors) {
  EXPECT_EQ(hash_of(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(hash_of("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(hash_of("foobar"), 0x85944171f73967e8ULL);
}

// The finaliser of MurmurHash3 maps 0 to 0 and nothing else.
TEST(Spread, MovesEveryBit) {
  EXPECT_EQ(spread(0), 0U);
  EXPECT_EQ(spread(1), 0xb456bcfc34c2cb2cULL);
}

}  // namespace
}  // namespace repopipe
