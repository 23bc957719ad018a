// The times that a run has written so far.  A row was written by this run if its time is in the
// interval.  A start time alone is not enough: if the clock was set back, an earlier run may have
// written later times.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace repopipe {

// Times are texts of `to_iso8601`, which sort by time.
class RunInterval {
 public:
  // `latest` is empty if the run has written no time yet.
  RunInterval(std::string started, std::string latest)
      : started_(std::move(started)), latest_(std::move(latest)) {}

  // Call it for each listing, before its rows.
  void reach(std::string_view moment) {
    if (moment > latest_) latest_ = moment;
  }
  bool has(std::string_view moment) const { return started_ <= moment && moment <= latest_; }

 private:
  std::string started_;
  std::string latest_;
};

}  // namespace repopipe
