#include "tests/simulator/page_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kLimit = 1 << 20;

std::shared_ptr<const Page> page_of(std::size_t size) {
  return std::make_shared<const Page>(Page{.gzip = std::string(size, 'x')});
}

TEST(PageCache, FindsWhatWasInserted) {
  PageCache cache(kLimit);
  const auto page = page_of(1000);
  cache.insert({.account = 1, .size = 100}, page);
  EXPECT_EQ(cache.find({.account = 1, .size = 100}), page);
  EXPECT_EQ(cache.find({.account = 1, .size = 30}), nullptr);
  EXPECT_EQ(cache.find({.account = 2, .size = 100}), nullptr);
  EXPECT_EQ(cache.find({.account = 1, .kind = PageKind::account, .size = 100}), nullptr);
  EXPECT_EQ(cache.find({.account = 1, .number = 2, .size = 100}), nullptr);
}

TEST(PageCache, StaysWithinItsLimit) {
  PageCache cache(kLimit);
  for (std::uint64_t account = 0; account < 1000; ++account) {
    cache.insert({.account = account}, page_of(50'000));
    EXPECT_LE(cache.bytes(), kLimit);
  }
  EXPECT_GT(cache.bytes(), kLimit - 60'000);
  EXPECT_TRUE(cache.full());
}

TEST(PageCache, DropsWhatWasNotUsedForLongest) {
  PageCache cache(kLimit);
  cache.insert({.account = 1}, page_of(400'000));
  cache.insert({.account = 2}, page_of(400'000));
  EXPECT_NE(cache.find({.account = 1}), nullptr);
  cache.insert({.account = 3}, page_of(400'000));
  EXPECT_NE(cache.find({.account = 1}), nullptr);
  EXPECT_EQ(cache.find({.account = 2}), nullptr);
  EXPECT_NE(cache.find({.account = 3}), nullptr);
}

TEST(PageCache, DoesNotKeepWhatIsLargerThanItself) {
  PageCache cache(kLimit);
  cache.insert({.account = 1}, page_of(1000));
  cache.insert({.account = 2}, page_of(kLimit));
  EXPECT_EQ(cache.find({.account = 2}), nullptr);
  EXPECT_NE(cache.find({.account = 1}), nullptr);
}

}  // namespace
}  // namespace repopipe::simulator
