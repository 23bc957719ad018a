// The messages of a plan for people, in order.  A warning that many subjects cause is reported for
// the first few of them; the others are counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/run.h"

namespace repopipe {

// A warning that many subjects may deserve.
class RepeatedWarning {
 public:
  // `of`: what the subjects have in common, "had records that were skipped".
  explicit RepeatedWarning(std::string of) : of_(std::move(of)) {}

  void say(std::deque<Notice>& notices, std::string text);
  // How many more there were; says nothing if there were none, and once.
  void say_rest(std::deque<Notice>& notices);

 private:
  std::string of_;
  int said_ = 0;
  std::uint64_t more_ = 0;
};

// Threading: that of Plan.
class Notices {
 public:
  void add(Notice notice) { waiting_.push_back(std::move(notice)); }
  // A remark of the API; each is told once, and no more than twenty of them.
  void add_once(const std::string& remark);
  // Records that were skipped, or that the list is partial.
  void add_what_lacks(const Listing& listing);
  // Of how many more subjects that was so.
  void add_rest();

  bool is_empty() const { return waiting_.empty(); }
  // The first; there must be one.
  Notice take();

 private:
  std::deque<Notice> waiting_{};
  std::unordered_set<std::string> told_{};  // remarks
  RepeatedWarning partial_lists_{"got lists that are partial"};
  RepeatedWarning skipped_records_{"had records that were skipped"};
};

// Tells operators that the run waits.
class WaitNotices {
 public:
  // For a limit of the API, the queue or an outage: once a minute.
  bool is_due(Time now) const { return now >= next_; }
  Notice tell(WaitCause cause, std::string words, Time goes_on, Time now);
  // The next one is due at once.
  void restart() { next_ = Time::min(); }
  // When it is due next, `until` at the latest.
  Time next_due(Time until) const { return std::min(until, next_); }

  // For the job's own limits: once for each wait that is long enough.
  bool is_rate_limit_due(Time goes_on, Time now) const;
  Notice tell_rate_limit(WaitCause cause, std::string words, Time goes_on);

 private:
  Time next_ = Time::min();
  Time told_until_ = Time::min();  // the end of the last wait for the job's own limits
  bool has_told_ = false;          // of one
};

}  // namespace repopipe
