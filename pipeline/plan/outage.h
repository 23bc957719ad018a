// Distinguishes an outage, which costs no attempt, from the failure of a single request.  Used by
// Plan.
//
// A task whose failure may be that of an outage is a suspect first.  An answer to a request that
// was sent after the failure shows that the task failed alone: then the failure costs an attempt.
// If tasks of several subjects fail and no request is answered meanwhile, the breaker opens: then
// the failures of the suspects cost no attempt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"

namespace repopipe {

// A request that failed in a way that may concern all subjects.
struct Trouble {
  std::uint64_t task = 0;
  std::string subject{};  // whose request: failures of one subject count once
  FailureKind kind = FailureKind::transport;
  std::string cause{};  // for people
  Time sent{};
  std::optional<Duration> wait{};  // as the response asks for it
};

// A circuit breaker: it opens when the requests of several subjects fail in a row and none is
// answered meanwhile.  While it is open one request at a time is sent, a probe, with growing
// pauses; the first answer closes it.  Threading: that of Plan.
class Breaker {
 public:
  // Failures of this many subjects in a row are an outage, whatever else is in flight.
  static constexpr std::size_t kManyEnough = 3;

  // `first_pause`: before the second probe; it doubles, up to `longest_pause`.
  Breaker(Duration first_pause, Duration longest_pause)
      : first_pause_(first_pause), longest_pause_(longest_pause) {}

  // True: this failure opens the breaker.
  bool failed(const Trouble& trouble, Time now);
  // Opens it with the failures so far: no other task can fail or be answered.
  void open(Time now);
  // The API answered a request.  An answer to a request that was sent before the first failed
  // one proves nothing.  True: this answer closes the breaker.
  bool answered(Time sent);

  void probe_sent(std::uint64_t task) { probe_ = task; }
  // Answered, failed or cancelled.
  void completed(std::uint64_t task);
  bool is_probing() const { return probe_ != 0; }

  bool is_open() const { return is_open_; }
  // Valid while it is open:
  Time until() const { return until_; }  // no probe before
  Time since() const { return since_; }  // when the first failure was reported
  Time opened_at() const { return opened_at_; }
  Time failed_at() const { return failed_at_; }  // when the last failure was reported
  int probes_failed() const { return probes_failed_; }
  const std::string& cause() const { return cause_; }  // of the last
  FailureKind kind() const { return kind_; }           // of the last

 private:
  const Duration first_pause_;
  const Duration longest_pause_;
  bool is_open_ = false;
  std::vector<std::string> subjects_{};  // of the failures in a row; no more than are needed
  Time first_sent_{};
  Time since_{};
  Time failed_at_{};
  Time opened_at_{};
  Time until_{};
  FailureKind kind_{};
  std::string cause_{};
  Duration pause_{};
  std::uint64_t probe_ = 0;  // the task in flight; 0: none
  std::uint64_t last_probe_ = 0;
  int probes_failed_ = 0;
};

struct OutageOptions {
  Duration first_pause{};   // before the second probe; doubles
  int attempts = 5;         // of one page, the first included
  Duration max_wait{};      // then the run ends
  Duration connect_wait{};  // the same for the first response; not with one attempt
  std::string api{};        // in messages: its address
};

// A task that failed while it is not known whether all tasks fail.
struct OutageSuspect {
  Task task;
  Failure failure;
  RateLimitInfo rate_limits;
  Time failed_at;
};

// Whether this failure may be the failure of all tasks.
bool may_be_outage(FailureKind kind);

// The failure without the subject and the page.
std::string cause_of(const Task& task, const Failure& failure);

// Threading: that of Plan.
class Outage {
 public:
  // What a result changes.
  enum class Change {
    none,
    begins,      // cancel what is queued
    answered,    // suspects that failed before the request was sent failed alone
    ends,        // suspects are sent again
    ends_alone,  // suspects are sent again, and each fails for itself from now on
    ends_failed  // the same, and each has failed
  };
  // The next request during an outage.
  enum class Probe { none, suspect, control };
  // The decision when no answer can refute the suspects: wait for one, an outage begins, or the
  // suspects have failed.
  enum class Judgement { wait, begins, failed };
  // What the plan holds besides the suspects.
  struct Others {
    std::size_t tasks = 0;          // in flight,
    std::size_t of_suspects = 0;    // of these those of the suspects' subjects
    bool has_listings = false;      // some are not written yet,
    bool is_uncommitted = false;    // or not committed
    bool can_read_control = false;  // the control's list may be read again now
  };

  explicit Outage(const OutageOptions& options);

  bool is_open() const { return breaker_.is_open(); }
  bool was_reached() const { return was_reached_; }    // a response has come
  bool was_answered() const { return was_answered_; }  // and it was a response of the API
  bool has_suspects() const { return !suspects_.empty(); }
  const std::deque<OutageSuspect>& suspects() const { return suspects_; }

  void sent(const Task& task);
  // `fails_alone`: see SubjectState.
  Change completed(const TaskResult& result, bool fails_alone, Time now);

  void suspect(OutageSuspect suspect) { suspects_.push_back(std::move(suspect)); }
  // The oldest one; there must be one.
  OutageSuspect take_suspect();
  // A suspect that failed before a request was sent that is answered now; nothing: there is none.
  std::optional<OutageSuspect> take_refuted(Time sent);
  void drop(SubjectHandle subject);

  // Called when no task but a suspect can be sent.
  Judgement judge(const Others& others, Time now);

  // The breaker is open, and the next probe is not chosen yet.
  bool lacks_probe() const;
  // Chooses it.  `suspect`: take it; `control`: read the list of `control()` again.  `tasks` are in
  // flight.
  Probe next_probe(std::size_t tasks, bool can_read_control);
  // A subject whose list was stored.  The first one is the control.
  void remember_stored(const Subject& subject);
  const Subject& control() const { return control_; }
  // The control is not read again: it is read anyway, or the run ends.
  void skip_control();

  // When the next probe may be sent; Time::max(): after the result of the last one.
  Time next_send() const;
  bool is_too_long() const;
  // Why the run ends.
  Failure failure() const;
  // The outage is too short to be reported if it ends at `until`.
  bool is_brief(Time until) const;
  // "API fails for everybody: CAUSE"
  std::string explain() const;
  Duration lasted(Time now) const { return now - breaker_.since(); }

 private:
  enum class AskedControl { no, waits, yes };  // waits: its task is in the queue, not sent

  void begin();
  Change answered(const Task& task);
  bool is_control(const Task& task) const;
  Duration longest() const;
  bool is_no_api() const;

  const OutageOptions options_;
  Breaker breaker_;
  std::deque<OutageSuspect> suspects_{};  // the oldest first
  bool was_reached_ = false;
  bool was_answered_ = false;
  bool has_next_probe_ = false;  // it is in its queue
  Subject control_{};
  AskedControl asked_control_ = AskedControl::no;  // in this outage
  bool asks_for_the_last_ =
      false;  // the outage began by `judge`, with the last subjects of the run
};

}  // namespace repopipe
