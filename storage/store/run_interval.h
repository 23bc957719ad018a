// The moments a run has written so far, by which it knows what it has seen itself.  Not all after
// its start are its own: a clock that was set back leaves an earlier run's in the future.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace repopipe {

// Moments are as `to_iso8601` writes them: in order as text.
class RunInterval {
 public:
  // `latest` is empty while the run has written none.
  RunInterval(std::string started, std::string latest)
      : started_(std::move(started)), latest_(std::move(latest)) {}

  // To be told of each listing before its rows.
  void reach(std::string_view moment) {
    if (moment > latest_) latest_ = moment;
  }
  bool has(std::string_view moment) const { return started_ <= moment && moment <= latest_; }

 private:
  std::string started_;
  std::string latest_;
};

}  // namespace repopipe
