#include "pipeline/plan/backoff.h"

#include <algorithm>

namespace repopipe {

Duration backoff_bound(Duration base, int failed_attempts) {
  Duration bound = std::min(base, kLongestBackoff);
  for (int i = 1; i < failed_attempts && bound < kLongestBackoff; ++i) {
    bound = std::min(bound * 2, kLongestBackoff);
  }
  return bound;
}

Duration full_jitter(Duration base, int failed_attempts, std::mt19937_64& random) {
  const Duration bound = backoff_bound(base, failed_attempts);
  return Duration(std::uniform_int_distribution<Duration::rep>(0, bound.count())(random));
}

}  // namespace repopipe
