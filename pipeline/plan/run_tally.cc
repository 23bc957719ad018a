#include "pipeline/plan/run_tally.h"

#include <fmt/format.h>

#include <algorithm>

namespace repopipe {

void RunTally::failed(const Failure& failure) {
  Cause& cause = causes_[failure.kind];
  if (cause.subjects++ == 0) cause.example = failure.message;
}

void RunTally::settled(Outcome outcome) {
  ++settled_;
  if (outcome == Outcome::failed) ++failed_;
}

void RunTally::list_failed(const std::string& why) {
  if (why_list_failed_.empty()) why_list_failed_ = why;
  ++lists_failed_;
}

void RunTally::requested(const RequestLog& log) {
  ++requests_.requests;
  requests_.bytes += log.bytes;
  if (log.attempt > 1) ++requests_.retries;
  if (log.status == 304) ++requests_.not_modified;
}

bool RunTally::is_incomplete(double fail_ratio) const {
  return lists_failed_ > 0 || has_too_many_failures(fail_ratio);
}

bool RunTally::has_too_many_failures(double fail_ratio) const {
  return static_cast<double>(all_failed()) > fail_ratio * static_cast<double>(all());
}

std::string RunTally::explain(double fail_ratio) const {
  if (!has_too_many_failures(fail_ratio)) {
    return why_list_failed_.empty() ? "a list of accounts failed, see run_listings"
                                    : why_list_failed_;
  }
  std::string text =
      fmt::format("{} of {} users failed, more than run.fail_ratio allows", all_failed(), all());
  const auto most = std::ranges::max_element(
      causes_, {}, [](const auto& cause) { return cause.second.subjects; });
  if (most == causes_.end() || most->second.subjects < 2) return text;
  return text +
         fmt::format("; most often ({} times): {}", most->second.subjects, most->second.example);
}

void TimeSplit::spend(Activity activity, Time now) {
  const Time until = std::max(now, since_);
  share(activity) += until - since_;
  if (activity == Activity::waiting) {
    wait(until - since_);
  } else {
    last_.reset();
  }
  since_ = until;
}

// A wait that is interrupted for a message goes on.
void TimeSplit::wait(Duration duration) {
  if (duration == Duration::zero()) return;
  const WaitCause cause = cause_.value_or(WaitCause::retry);
  Waited& waited = times_.waits[static_cast<std::size_t>(cause)];
  waited.time += duration;
  if (last_ != cause) ++waited.times;
  last_ = cause;
}

Duration& TimeSplit::share(Activity activity) {
  switch (activity) {
    case Activity::starting:
      return times_.starting;
    case Activity::fetching:
      return times_.fetching;
    case Activity::processing:
      return times_.processing;
    case Activity::waiting:
      return times_.waiting;
    case Activity::finishing:
      return times_.finishing;
  }
  return times_.finishing;
}

}  // namespace repopipe
