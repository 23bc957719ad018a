// What waits for one principal: tickets that are ready, tickets that are due later, and users that
// have yet to begin.  A principal that has to pause holds up its own lane only.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/model/ticket.h"

namespace repopipe {

// Threading: that of Plan.
class Lane {
 public:
  void add(Ticket ticket) { ready_.push_back(std::move(ticket)); }
  void add_first(Ticket ticket) { ready_.push_front(std::move(ticket)); }
  void add_later(Time due, Ticket ticket) { later_.emplace(due, std::move(ticket)); }
  void add(Key key) { keys_.push_back(std::move(key)); }

  // When the next ticket may go, as far as it goes by itself; Time::max(): there is none.
  Time next_due() const;
  // Retries that are due, and then what is ready: both go ahead of new users.
  std::optional<Ticket> take_ticket(Time now);
  std::optional<Key> take_key();

  bool has_keys() const { return !keys_.empty(); }
  bool has_tickets() const { return !ready_.empty() || !later_.empty(); }
  // Tickets may go now, as far as they go by themselves.
  bool is_ready() const { return !ready_.empty(); }

  // Drops the tickets of one user.
  void drop(const std::string& login);
  // Empties the lane.
  std::vector<Ticket> take_tickets();
  std::deque<Key> take_keys() { return std::exchange(keys_, {}); }

 private:
  std::deque<Ticket> ready_;           // follow-up pages, and what was called back
  std::multimap<Time, Ticket> later_;  // retries
  std::deque<Key> keys_;
};

}  // namespace repopipe
