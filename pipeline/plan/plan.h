// Makes every decision of a run: which subject and page is next, what a failure means, when to
// retry, when a subject is finished and when the run ends.  Plan does no I/O, reads no clock and
// starts no thread: the planner node of the graph reports what happened and carries out the next
// action.
//
//   while (true) {
//     Action action = plan.next(now);
//     ...                             // Send, Write, ReadSubjects, ...: carry it out, call again
//     ...                             // WaitUntil, Wait: wait for a result, report it, call again
//   }                                 // Finished: the run has ended
//
// The parts, and what each owns:
//   Credits         how many tasks, pages and listings are held: bounds the memory
//   Intake          what the run has yet to read: the job's list, lists to read again, accounts
//   Scheduler       tasks that wait to be sent, by principal, and subjects that wait to begin
//   SubjectTable    the subjects in progress and their pages
//   PrincipalTable  the tokens and their accounts
//   Limits          when a principal may send its next request
//   Outage          whether failures concern all subjects; the failed tasks that may show it
//   retry_policy.h  what becomes of a task that failed alone: pure functions
//   RunTally        the counts of the run
//   Notices         messages for people
//
// Threading: one thread at a time.  A subject begins only while fewer than `PlanOptions::credits`
// tasks in flight, collected pages and listings not yet written are held.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/run.h"
#include "pipeline/model/task.h"
#include "pipeline/plan/credits.h"
#include "pipeline/plan/limits/limits.h"
#include "pipeline/plan/notices.h"
#include "pipeline/plan/outage.h"
#include "pipeline/plan/principal.h"
#include "pipeline/plan/retry_policy.h"
#include "pipeline/plan/run_tally.h"
#include "pipeline/plan/scheduler.h"
#include "pipeline/plan/subjects/identity.h"
#include "pipeline/plan/subjects/pages.h"
#include "pipeline/plan/subjects/subject_table.h"

namespace repopipe {

struct PlanOptions {
  std::size_t credits = 64;                      // see above
  std::size_t most_out = SIZE_MAX;               // tasks in flight; never more than the credits
  int attempts = 5;                              // of one page, the first included
  int per_page = 100;                            // less for a list whose large pages failed
  Duration backoff{};                            // base of the wait before a retry, see full_jitter
  Time deadline = Time::max();                   // no new request from then on
  Duration max_wait = std::chrono::minutes(65);  // for a limit or an outage; then the run ends
  Duration connect_wait = std::chrono::minutes(2);  // for the first response; not with one attempt
  bool has_proxy_login = false;  // one request in flight until the first response confirms it
  std::string api = "the API";   // in messages: its address
  LimitOptions limits{};
  double fail_ratio = 0;  // of all users; more failures end the run as incomplete
  std::vector<Principal> principals{{.identity = std::string(kAnonymous),
                                     .name = "requests without a token",
                                     .reference = std::string(kAnonymous)}};
  bool checks_tokens = false;         // also a single one is asked for its account, see Provider
  std::uint64_t seed = 1;             // of the jitter
  std::uint64_t users_before = 0;     // settled by the interrupted run that this one resumes
  std::uint64_t failures_before = 0;  // of those
  std::uint64_t lists_failed_before = 0;  // in it, see RunTally::list_failed
};

// What to do now.
struct Send {
  Task task;
};
struct Write {  // pass the listing of a finished subject to the store
  Listing listing;
};
struct CancelQueued {};  // requests that have not been sent are cancelled
struct ReadSubjects {};  // answer with `offer` or `subjects_failed`
struct Recall {          // answer with `recalled`
  Subject subject;       // its login and its resource
};
struct Expand {  // answer with `expanded`, or with `subjects_failed`
  std::vector<Subject> subjects;
};
struct WaitUntil {  // nothing to do until a task is completed or this time has come
  Time time;
  friend bool operator==(const WaitUntil&, const WaitUntil&) = default;
};
struct Wait {};  // nothing to do until a task is completed
struct Finished {};
using Action = std::variant<Send, Write, CancelQueued, ReadSubjects, Recall, Expand, Notice,
                            WaitUntil, Wait, Finished>;

class Plan {
 public:
  // `protocol` must outlive the plan.  The run's time begins at `start`.
  Plan(const PlanOptions& options, const Protocol& protocol, Time start);

  Action next(Time now);

  // The next block of subjects, the answer to ReadSubjects; an empty one ends the list.  Subjects
  // that wait or are in progress already are dropped.
  void offer(std::vector<Subject> block);
  void subjects_failed(const Failure& failure);
  // The answer to Recall: the subject with what the database knows of it now.  Its list is read
  // once more.
  void recalled(Result<Subject> subject);
  // The answer to Expand: the named subjects that the run lists, with what the database knows.
  void expanded(std::vector<Subject> subjects);

  // A task that was sent is completed.
  void complete(TaskResult task_result, Time now);

  // The rows of the listing are in the open transaction of the store; memory no longer holds them.
  void written(SubjectHandle subject, Time now);

  // The listing was committed, or the store failed.  `written` may have been called before.
  void committed(SubjectHandle subject, Result<Stored> result, Time now);

  // Sends nothing more, waits for the tasks in flight and stores what is complete.  The reason of
  // the first call counts.
  void stop(RunStatus status, ExitCode exit_code, std::string reason,
            std::optional<FailureKind> cause = {});

  // `now` has jumped by this much: the deadline moves with it.
  void postpone_deadline(Duration by);

  // How the run ended; valid once `next` has returned Finished.
  RunEnd end() const;

  // How far the run is.
  RunProgress progress() const;

  // Users settled so far in this process.
  std::uint64_t users_settled() const { return tally_.settled(); }

 private:
  using User = SubjectState;
  struct Candidate {  // the principal that may send next, and when
    std::uint32_t principal = 0;
    SendTime send_time{Time::max()};
    bool is_new_user = false;
  };

  // What is sent next, waits, and the end of the run: plan.cc.
  Action work(Time now);
  Action drain();
  Action be_over();
  bool is_over() const;
  Candidate next_candidate(Time now);
  Candidate candidate_of(std::uint32_t principal, Time now);
  bool has_others() const;
  bool may_begin() const;
  std::size_t most_out() const;
  bool may_read_subjects() const;
  Action take_candidate(const Candidate& candidate, Time now);
  Action wait_for(const Candidate& candidate, Time now);
  Action wait_for_rate_limit(const Candidate& candidate, Time now, Time until);
  void note_wait(const Candidate& candidate, Time until);
  std::string explain(const Candidate& candidate) const;
  bool is_too_long(const Candidate& candidate, Time now);
  Send send(Task task, Time now);
  void end_early(const Failure& failure);
  Activity activity() const;
  std::size_t most_users() const;

  // A subject begins, is finished, written and committed: plan_users.cc.
  Task first_task(User& user, const Question& question, std::uint32_t principal) const;
  void add_subjects(std::vector<Subject> subjects);
  Task take_user(Subject subject, std::uint32_t principal);
  void settle(User& user, Stored stored);
  Write write();
  void finish_if_whole(User& user);
  void finish(User& user);
  void release(User& user);

  // Results of tasks, retries and failures: plan_responses.cc.
  void accept(User& user, Task task, Answer answer, Time now);
  void refuse(User& user, Task task, const Failure& failure, const RateLimitInfo& rate_limits,
              Time now);
  RetryOptions retry_options() const;
  RetryDecision decide_alone(const User& user, const Task& task, const Failure& failure,
                             Duration wait) const;
  void follow(const RetryDecision& decision, User& user, Task task, const Failure& failure,
              Time now);
  void retry_at(const RetryAt& retry, User& user, Task task, Time now);
  void end_yielding();
  void give_up(User& user, const Task& task, const Failure& failure);
  void fail_user(User& user, const Failure& failure);

  // The pages of a list: plan_lists.cc.
  void accept_page(User& user, Task task, PageRead listed, Time now);
  void collect(User& user, const Task& task, PageCollected& page, const PageRules& rules);
  void go_without(User& user, const Failure& failure);
  void start_over(User& user, const Question& question, const Task& failed, Time due);
  bool shrink_page(User& user, const Task& task, Time due);
  void drop_tasks(User& user);

  // The account that a login leads to, and later rechecks: plan_lists.cc.
  void recheck(User& user, Task task, Time now);
  void recheck_due(Time now);
  void not_found(User& user, const Task& task, const Failure& failure);
  void accept_account(User& user, const Task& task, const Account& account);
  void follow(const IdentityStep& step, User& user, const Task& task);

  // Failures that may concern all subjects: plan_outage.cc.
  void weigh(const TaskResult& task_result, Time now);
  void suspect(User& user, Task task, const Failure& failure, const RateLimitInfo& rate_limits,
               Time now);
  OutageSuspect take_suspect();
  void resend_suspects();
  void charge(OutageSuspect suspect);
  void begin_outage();
  bool can_read_control() const;
  Outage::Others beside_suspects();
  bool judge_without_others(Time now);
  void ready_probe();
  Action wait_for_api(Time now, Time until);

  // The accounts of the tokens, and tokens that are refused: plan_tokens.cc.
  void ask_for_owners();
  void accept_owner(User& user, std::uint32_t principal, const std::optional<Account>& account);
  void disable(User& user, Task task, const Failure& failure);
  void reassign(Task task);
  PrincipalQueue& queue_for(Task& task);
  std::vector<TokenState> token_states() const;

  PlanOptions options_;
  const Protocol& protocol_;
  std::mt19937_64 random_;
  TimeSplit time_split_;
  Credits credits_;
  RunTally tally_;
  Notices notices_;
  WaitNotices waits_;
  PrincipalTable principals_;
  Limits limits_;
  Outage outage_;
  std::optional<RunEnd> ending_;  // how the run ends; set once it is stopping

  Intake intake_;
  Scheduler scheduler_;
  SubjectTable subjects_;  // in progress; the key "" is that of the tokens' accounts
  std::deque<Listing> finished_;
  std::uint64_t next_id_ = 1;
  bool cancels_queued_ = false;  // `next` returns CancelQueued: a limit has refused a task
  bool store_failed_ = false;
  bool over_ = false;
  std::optional<RunProgress::Waiting> waiting_{};  // since the last `next`
};

}  // namespace repopipe
