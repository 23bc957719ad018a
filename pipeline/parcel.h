// A message of the flow graph.  TBB copies messages as it likes, so what travels is a handle; the
// value inside is packed once and taken out once, on whichever thread it arrives.
#pragma once

#include <atomic>
#include <cassert>
#include <memory>
#include <utility>

namespace repopipe {

template <class T>
class Parcel {
 public:
  Parcel() = default;
  explicit Parcel(T value) : box_(std::make_shared<Box>(std::move(value))) {
    box_->full.store(true, std::memory_order_release);
  }

  // The value, to its one receiver: what is taken twice would be counted twice.
  T take() const {
    [[maybe_unused]] const bool was_full = box_->full.exchange(false, std::memory_order_acquire);
    assert(was_full);
    return std::move(box_->value);
  }

 private:
  struct Box {
    explicit Box(T packed) : value(std::move(packed)) {}
    T value;
    std::atomic<bool> full{false};
  };
  std::shared_ptr<Box> box_;
};

}  // namespace repopipe
