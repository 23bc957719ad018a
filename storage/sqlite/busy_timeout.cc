#include "storage/sqlite/busy_timeout.h"

#include <algorithm>
#include <thread>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// Between two tries: often at first, as most locks are of a moment.
constexpr std::chrono::milliseconds kLongestPause = 100ms;

}  // namespace

bool BusyWait::wait(int tries) {
  const Time now = clock_.now();
  if (tries == 0) {
    begin_ = now;
    next_told_ = now + timeout_.first_told;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(begin_ + timeout_.longest - now);
  if (left <= 0ms) return false;
  if (timeout_.told && now >= next_told_) {
    timeout_.told(left);
    next_told_ = now + timeout_.told_every;
  }
  std::this_thread::sleep_for(std::min({kLongestPause, left, (tries + 1) * 1ms}));
  return true;
}

}  // namespace repopipe
