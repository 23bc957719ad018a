// Every decision of a run: which user is next, which page, what a failure means, when to try again,
// when a user is finished and when the run is over.  It does no I/O, asks no clock and starts no
// thread: the planner node of the graph tells it what happened and does what it answers.
//
//   while (true) {
//     Step step = plan.next(now);     // Send, Keep, ReadKeys: do it and ask again
//     ...                             // NotBefore, Idle: wait for what comes home
//   }                                 // Over: the run has ended
//
// Threading: one thread at a time.  Memory is bounded by `PlanOptions::credits`: a user is taken up
// only while less than that many pages are out, gathered or on their way into the store.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "pipeline/core/clock.h"
#include "pipeline/core/listing.h"
#include "pipeline/core/run.h"
#include "pipeline/core/ticket.h"
#include "pipeline/core/wall_split.h"
#include "pipeline/pace.h"
#include "stages/provider.h"

namespace repopipe {

struct PlanOptions {
  std::size_t credits = 64;           // see above; also the most tickets out at a time
  int attempts = 5;                   // of one page, the first included
  Duration backoff{};                 // base of the wait before a retry, see Backoff
  Time deadline = Time::max();        // no new request from then on
  PaceLimits pace{};                  // of all requests together
  double fail_ratio = 0;              // of all users; more failures end the run as incomplete
  std::uint32_t principals = 1;       // tokens to share the users among
  std::uint64_t seed = 1;             // of the jitter
  std::uint64_t users_before = 0;     // settled by the interrupted run that this one continues
  std::uint64_t failures_before = 0;  // of those
};

// What to do now.
struct Send {
  Ticket ticket;
};
struct Keep {  // hand a finished user to the store
  Listing listing;
};
struct ReadKeys {};  // answer with `offer` or `keys_failed`
struct NotBefore {   // nothing until something comes home, or until then
  Time time;
  friend bool operator==(const NotBefore&, const NotBefore&) = default;
};
struct Idle {};  // nothing until something comes home
struct Over {};
using Step = std::variant<Send, Keep, ReadKeys, NotBefore, Idle, Over>;

class Plan {
 public:
  // `provider` must outlive the plan.  The run's time begins at `start`.
  Plan(const PlanOptions& options, const Provider& provider, Time start);

  Step next(Time now);

  // The next block of users, asked for by ReadKeys and read after it; none: the list is over.
  // Those of them that are under way already, or settled since the block was asked for, are
  // dropped.
  void offer(std::vector<Key> block);
  void keys_failed(const Failure& failure);

  // A ticket that was sent has come home.
  void settle(Settlement settlement, Time now);

  // A listing that was to be kept is in the database, or is not.
  void kept(const std::string& login, const Result<Stored>& result, Time now);

  // Sends nothing more, waits for what is out, keeps what is complete.  The first reason stays.
  void stop(RunStatus status, ExitCode exit_code, std::string reason);

  // Nothing more will be sent: what waits for a connection may be called back.
  bool is_stopping() const { return ending_.has_value(); }

  // How the run ended; of meaning once `next` has answered Over.
  RunEnd end() const;

  // Users settled so far in this process.
  std::uint64_t users_settled() const { return users_settled_; }

 private:
  struct User {
    Listing listing;          // empty once it is with the store
    std::size_t out = 0;      // tickets under way
    std::size_t missing = 1;  // pages known of and not yet here
    std::size_t pages = 0;    // gathered; they count as held until they are in the database
    bool left = false;        // the listing has left for the store
  };

  Step work(Time now);
  Step drain();
  std::optional<Ticket> take_ready(Time now);
  Ticket take_user();
  void drop_known_keys();
  Send send(Ticket ticket, Time now);
  Keep keep();
  void accept(User& user, const Ticket& ticket, Accepted accepted);
  void refuse(User& user, Ticket ticket, const Failure& failure, Time now);
  void fail_user(User& user, const Failure& failure);
  bool is_unreachable(const Failure& failure) const;
  void finish_if_whole(User& user);
  void finish(User& user);
  void end_early(const Failure& failure);
  Activity activity() const;
  std::size_t held() const { return tickets_out_ + pages_held_ + listings_out_; }

  struct Ending {
    RunStatus status;
    ExitCode exit_code;
    std::string reason;
  };

  const PlanOptions options_;
  const Provider& provider_;
  std::mt19937_64 random_;
  WallSplit wall_;
  Pace pace_;
  std::optional<Ending> ending_;  // set: the run is stopping

  std::deque<Key> keys_;
  bool keys_over_ = false;
  std::unordered_map<std::string, User> users_;  // under way, by folded login
  std::unordered_set<std::string> recent_;       // settled since the last block was asked for
  std::deque<Ticket> ready_;                     // follow-up pages and retries that are due
  std::multimap<Time, Ticket> later_;            // retries that are not
  std::deque<Listing> finished_;

  std::uint64_t next_id_ = 1;
  std::size_t tickets_out_ = 0;
  std::size_t listings_out_ = 0;
  std::size_t pages_held_ = 0;  // parsed, and not yet in the database
  std::uint64_t users_settled_ = 0;
  std::uint64_t users_failed_ = 0;
  bool was_answered_ = false;  // some exchange brought a reply
  bool store_failed_ = false;
  bool over_ = false;
};

}  // namespace repopipe
