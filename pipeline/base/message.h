// Message: a value in a flow graph that is moved, not copied.  SerialSection: asserts that code is
// not run by two threads at once.
#pragma once

#include <atomic>
#include <cassert>
#include <concepts>
#include <memory>
#include <utility>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define REPOPIPE_TSAN 1
#endif
#endif

#ifdef REPOPIPE_TSAN
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}
#define UNSEEN_BY_TSAN __attribute__((no_sanitize("thread")))
#else
#define UNSEEN_BY_TSAN
#endif

namespace repopipe {

// Asserts that `run` is never called by two threads at once; it is not a lock.  Writes in one call
// are visible in the next one.
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

// The next two functions tell ThreadSanitizer about an ordering that TBB guarantees: what happens
// before a message is put into the graph happens before its receiver runs.  Debian's libtbb is not
// instrumented, so the sanitizer cannot see it.  Without the sanitizer they do nothing.
// Call `hand_over` before the message is put and `pick_up` when it has arrived.
inline void hand_over([[maybe_unused]] void* message) {
#ifdef REPOPIPE_TSAN
  __tsan_release(message);
#endif
}

inline void pick_up([[maybe_unused]] void* message) {
#ifdef REPOPIPE_TSAN
  __tsan_acquire(message);
#endif
}

// A message of the flow graph.  TBB copies messages, so this is a plain pointer to the value, which
// never moves.  The receiver calls `take` exactly once, on any thread.  A message that is never
// taken leaks its value; the graph is never cancelled, so none is lost.  The constructor throws
// std::bad_alloc.
template <class T>
class Message {
 public:
  Message() = default;
  // Constructs the value in place, from `value`.
  template <class From>
  Message(std::in_place_t, From&& value) : value_(new T(std::forward<From>(value))) {
    hand_over(value_);
  }

  // The value; the caller owns it.  Call it once.
  UNSEEN_BY_TSAN std::unique_ptr<T> take() const {
    pick_up(value_);
    return std::unique_ptr<T>(value_);
  }

 private:
  T* value_ = nullptr;  // owned until `take`
};

}  // namespace repopipe
