// A ticket that waits in an engine, and whom to tell.  Used by both engines.
#pragma once

#include <utility>

#include "pipeline/model/seams.h"

namespace repopipe {

// The answer for a ticket whose exchange did not take place, or came to nothing.
inline Fetched unfetched(Ticket ticket, Failure failure) {
  return {.ticket = std::move(ticket), .reply = fail(std::move(failure)), .timing = {}};
}

// Destroyed without having been told, as by an exception, its ticket comes home as `internal`.
// `done` must not throw.
struct HttpOrder {
  HttpOrder(Ticket its_ticket, FetchEngine::Done whom)
      : ticket(std::move(its_ticket)), done(std::move(whom)) {}
  HttpOrder(HttpOrder&& other) noexcept
      : ticket(std::move(other.ticket)), done(std::exchange(other.done, nullptr)) {}
  HttpOrder& operator=(HttpOrder&& other) noexcept {
    const HttpOrder before(std::move(*this));
    ticket = std::move(other.ticket);
    done = std::exchange(other.done, nullptr);
    return *this;
  }
  ~HttpOrder() {
    if (done) tell(unfetched(std::move(ticket), {FailureKind::internal, "a task was lost"}));
  }

  // To be called once; the ticket may have been moved into `fetched`.
  void tell(Fetched fetched) { std::exchange(done, nullptr)(std::move(fetched)); }
  void give_up(const Failure& failure) { tell(unfetched(std::move(ticket), failure)); }

  Ticket ticket;
  FetchEngine::Done done;
};

}  // namespace repopipe
