// A circuit breaker: tells an outage, which is everybody's, from the trouble of one request.  It
// opens when the requests of several users fail in a row and nothing is answered meanwhile.  While
// it is open one request at a time goes out, a probe, with growing pauses; the first answer closes
// it.  Used by Plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// A request that failed in a way that may be everybody's.
struct Trouble {
  std::uint64_t task = 0;
  std::string subject{};  // whose request: failures of one subject count once
  FailureKind kind = FailureKind::transport;
  std::string cause{};  // for people
  Time sent{};
  std::optional<Duration> wait{};  // as the response asks for it
};

// Threading: that of Plan.
class Breaker {
 public:
  // So many subjects in a row make an outage, whatever else is under way.
  static constexpr std::size_t kManyEnough = 3;

  // `first_pause`: before the second probe; it doubles, up to `longest_pause`.
  Breaker(Duration first_pause, Duration longest_pause)
      : first_pause_(first_pause), longest_pause_(longest_pause) {}

  // True: it opens by this.
  bool failed(const Trouble& trouble, Time now);
  // The failures so far are all that there can be.
  void open(Time now);
  // The API answered a request.  An answer to one that was sent before the first failure was tells
  // nothing.  True: it closes by this.
  bool answered(Time sent);

  void probe_sent(std::uint64_t task) { probe_ = task; }
  // Whatever became of it.
  void completed(std::uint64_t task);
  bool is_probing() const { return probe_ != 0; }

  bool is_open() const { return is_open_; }
  // Of meaning while it is open:
  Time until() const { return until_; }  // no probe before
  Time since() const { return since_; }  // when the first of the failures was told
  Time opened_at() const { return opened_at_; }
  Time failed_at() const { return failed_at_; }  // when the last of them did
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
  std::uint64_t probe_ = 0;  // the task that is out; 0: none
  std::uint64_t last_probe_ = 0;
  int probes_failed_ = 0;
};

}  // namespace repopipe
