// Tells ThreadSanitizer about an ordering that TBB guarantees: what happens before a message is put
// into the graph happens before its receiver runs.  Debian's libtbb is not instrumented, so the
// sanitizer cannot see it.  Without the sanitizer these functions do nothing.
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

}  // namespace repopipe
