// Tells ThreadSanitizer of an order that TBB guarantees and the sanitizer cannot see, because
// Debian's libtbb is not instrumented: what was done before a message was put into the graph
// happened before its receiver runs.  Without the sanitizer these are nothing.
#pragma once

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

// Around a message: `hand_over` before it is put, `pick_up` once it has arrived.
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

}  // namespace repopipe
