#include "tests/simulator/page_cache.h"

#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

// List and hash nodes, control block, allocator rounding.
constexpr std::uint64_t kBookkeeping = 320;

std::uint64_t cost(const Page& page) {
  return page.gzip.capacity() + kBookkeeping;
}

}  // namespace

std::size_t PageCache::Hash::operator()(const PageKey& key) const {
  return mix(mix(key.account, key.number), key.size * 3 + static_cast<std::uint64_t>(key.kind));
}

std::shared_ptr<const Page> PageCache::find(const PageKey& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->page;
}

void PageCache::insert(const PageKey& key, std::shared_ptr<const Page> page) {
  const std::uint64_t size = cost(*page);
  if (size > limit_ || index_.contains(key)) return;
  while (bytes_ + size > limit_) drop_oldest();
  bytes_ += size;
  entries_.push_front({key, std::move(page)});
  index_.emplace(key, entries_.begin());
}

void PageCache::drop_oldest() {
  const Entry& oldest = entries_.back();
  bytes_ -= cost(*oldest.page);
  index_.erase(oldest.key);
  entries_.pop_back();
}

}  // namespace repopipe::simulator
