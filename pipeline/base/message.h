// What travels through a flow graph without being copied, and a check that a body is never run by
// two threads at once.
#pragma once

#include <atomic>
#include <cassert>
#include <concepts>
#include <memory>
#include <utility>

#include "pipeline/base/happens_before.h"

namespace repopipe {

// States, and checks, that a piece of code is never run by two threads at once.

// Not a lock: who finds it taken has found a defect.  What one thread did in a section is visible
// to the next one.
class SerialSection {
 public:
  template <class Work>
  void run(Work work) {
    [[maybe_unused]] const bool was_busy = busy_.exchange(true, std::memory_order_acquire);
    assert(!was_busy);
    work();
    busy_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<bool> busy_{false};
};

// A message of the flow graph.  TBB copies messages as it likes, so what travels is a plain handle;
// the value is packed once and never moved; whoever takes it owns it, on whichever thread it
// arrives.

// A handle that is never taken leaks its value: the graph loses none, as it is never cancelled.
// Where even a message takes memory that is not there, the constructor throws.
template <class T>
class Message {
 public:
  Message() = default;
  template <class From>
  requires std::constructible_from<T, From>
  explicit Message(From&& value) : value_(new T(std::forward<From>(value))) { hand_over(value_); }

  // The value, to its one receiver, who takes it once.
  UNSEEN_BY_TSAN std::unique_ptr<T> take() const {
    pick_up(value_);
    return std::unique_ptr<T>(value_);
  }

 private:
  T* value_ = nullptr;  // owned by whoever takes it
};

}  // namespace repopipe
