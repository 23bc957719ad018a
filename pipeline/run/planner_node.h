// The body of the planner node: tells Plan what came home and does what Plan answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "pipeline/model/interfaces.h"
#include "pipeline/plan/plan.h"
#include "pipeline/run/writer.h"

namespace repopipe {

struct Stop {
  RunStatus status;
  ExitCode exit_code;
  std::string reason;
  std::optional<FailureKind> cause{};
};
struct Tick {};  // nothing happened but time
using Event = std::variant<Tick, TaskResult, Written, Committed, Stop>;

// Where the planner's answers go.
struct PlannerOutputs {
  std::function<void(Task)> send;
  std::function<void(Listing)> keep;
  std::function<void(const Notice&, std::optional<WallTime>)> say;  // and when the run will go on
  std::function<void(Time)> wake_at;
  std::function<void()> cancel_queued;
  std::function<void()> over;  // called once
};

// Threading: one event at a time, whichever thread brings it.
class PlannerNode {
 public:
  PlannerNode(Plan& plan, SubjectSource& subjects, const Clock& clock);

  void handle(Event event, const PlannerOutputs& outputs);

  // Plan's own words, and what the stages were busy with.
  RunEnd end() const;

 private:
  // Plan's time: the clock's, and by how much the calendar has run ahead of it.
  Time now() const { return clock_.now() + ahead_; }
  void follow_calendar();
  Time calendar_time();
  void tell(Event event, Time now);
  void act(const PlannerOutputs& outputs);
  void read_subjects();
  std::optional<WallTime> wall_time_of(std::optional<Time> time) const;

  Plan& plan_;
  SubjectSource& subjects_;
  const Clock& clock_;
  RunTimes busy_;
  Duration ahead_{};
  Time next_look_{};                    // at the calendar
  std::chrono::milliseconds calendar_;  // of the clock's zero, when it was read last
  bool over_ = false;
};

}  // namespace repopipe
