#include "pipeline/plan/lane.h"

#include <utility>

namespace repopipe {

Time Lane::next_due() const {
  if (!ready_.empty()) return Time::min();
  return later_.empty() ? Time::max() : later_.begin()->first;
}

std::optional<Ticket> Lane::take_ticket(Time now) {
  if (!later_.empty() && later_.begin()->first <= now) {
    Ticket ticket = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    return ticket;
  }
  if (ready_.empty()) return std::nullopt;
  Ticket ticket = std::move(ready_.front());
  ready_.pop_front();
  return ticket;
}

std::optional<Key> Lane::take_key() {
  if (keys_.empty()) return std::nullopt;
  Key key = std::move(keys_.front());
  keys_.pop_front();
  return key;
}

void Lane::drop(const std::string& login) {
  std::erase_if(ready_, [&](const Ticket& ticket) { return ticket.login == login; });
  std::erase_if(later_, [&](const auto& entry) { return entry.second.login == login; });
}

std::vector<Ticket> Lane::take_tickets() {
  std::vector<Ticket> tickets;
  for (auto& ticket : ready_) tickets.push_back(std::move(ticket));
  for (auto& [due, ticket] : later_) tickets.push_back(std::move(ticket));
  ready_.clear();
  later_.clear();
  return tickets;
}

}  // namespace repopipe
