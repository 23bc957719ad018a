// What a plan holds in memory, or has asked for: requests in flight, pages collected, and listings
// not yet written.  A subject may begin only while fewer than `all` of them are held.  A subject
// that has begun may exceed this: otherwise it might never be complete.
#pragma once

#include <cassert>
#include <cstddef>

namespace repopipe {

// Threading: that of Plan.
class Credits {
 public:
  // At least one.
  explicit Credits(std::size_t all) : all_(all) { assert(all > 0); }

  void task_sent() { ++tasks_; }
  void task_completed() { --tasks_; }
  void page_collected() { ++pages_; }
  void pages_dropped(std::size_t pages) { pages_ -= pages; }
  void listing_left() { ++listings_, ++listings_uncommitted_; }
  // Its rows are in the transaction of the store, and so many pages are not held any more.
  void listing_written(std::size_t pages) { --listings_, pages_dropped(pages); }
  void listing_committed() { --listings_uncommitted_; }

  std::size_t all() const { return all_; }
  bool is_any_left() const { return tasks_ + pages_ + listings_ < all_; }
  std::size_t tasks() const { return tasks_; }         // in flight
  bool has_listings() const { return listings_ > 0; }  // passed to the store, not yet written
  bool has_uncommitted() const { return listings_uncommitted_ > 0; }  // passed to the store

 private:
  std::size_t all_;
  std::size_t tasks_ = 0;
  std::size_t pages_ = 0;
  std::size_t listings_ = 0;
  std::size_t listings_uncommitted_ = 0;
};

}  // namespace repopipe
