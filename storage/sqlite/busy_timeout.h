// How a connection waits while another program holds the file, and who hears of it.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "pipeline/base/units.h"

namespace repopipe {

struct BusyTimeout {
  std::chrono::milliseconds longest{};
  // Hears how long the statement will still wait; runs on the statement's thread.  Nobody minds
  // a lock of a moment.
  std::function<void(std::chrono::milliseconds left)> told{};
  std::chrono::milliseconds first_told = std::chrono::seconds(5);
  std::chrono::milliseconds told_every = std::chrono::minutes(1);
};

// Threading: that of the connection.
class BusyWait {
 public:
  // `clock` outlives it.
  BusyWait(BusyTimeout busy_timeout, const Clock& clock)
      : timeout_(std::move(busy_timeout)), clock_(clock) {}

  // Waits a little.  `tries`: how often this statement has tried in vain, before this time.  False:
  // that was long enough.
  bool wait(int tries);

 private:
  const BusyTimeout timeout_;
  const Clock& clock_;
  Time begin_{};
  Time next_told_{};
};

}  // namespace repopipe
