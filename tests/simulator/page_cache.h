// An LRU cache of pages with a size limit. Threading: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "tests/simulator/page.h"

namespace repopipe::simulator {

class PageCache {
 public:
  // `limit` in bytes, including bookkeeping.  0: no cache.
  explicit PageCache(std::uint64_t limit) : limit_(limit) {}

  // Null: the page is not in the cache.
  std::shared_ptr<const Page> find(const PageKey& key);

  // Evicts other pages first.  A page larger than the limit is not stored.
  void insert(const PageKey& key, std::shared_ptr<const Page> page);

  std::uint64_t bytes() const { return bytes_; }
  bool full() const { return bytes_ + kRoomForOne > limit_; }

 private:
  static constexpr std::uint64_t kRoomForOne = 64 << 10;

  struct Hash {
    std::size_t operator()(const PageKey& key) const;
  };
  struct Entry {
    PageKey key;
    std::shared_ptr<const Page> page;
  };
  using Entries = std::list<Entry>;

  void drop_oldest();

  std::uint64_t limit_;
  std::uint64_t bytes_ = 0;
  Entries entries_;  // most recently used first
  std::unordered_map<PageKey, Entries::iterator, Hash> index_;
};

}  // namespace repopipe::simulator
