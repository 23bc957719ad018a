// A message of the flow graph.  TBB copies messages as it likes, so what travels is a plain handle;
// the value is packed once and taken out once, on whichever thread it arrives.
#pragma once

#include <memory>
#include <utility>

#include "pipeline/base/happens_before.h"

namespace repopipe {

// A handle that is never taken leaks its value: the graph loses none, as it is never cancelled.
// Where even a message takes memory that is not there, the constructor throws.
template <class T>
class Message {
 public:
  Message() = default;
  explicit Message(T value) : value_(new T(std::move(value))) { hand_over(value_); }

  // The value, to its one receiver, who takes it once.
  UNSEEN_BY_TSAN T take() const {
    pick_up(value_);
    const std::unique_ptr<T> owner(value_);
    return std::move(*owner);
  }

 private:
  T* value_ = nullptr;  // owned by whoever takes it
};

}  // namespace repopipe
