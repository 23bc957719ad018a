// What Plan's tests speak in: a provider of few words, made-up times and settlements.
#pragma once

#include <string>
#include <vector>

#include "pipeline/plan.h"

namespace repopipe::testing {

inline Time at(Duration since_start) {
  return Time{} + since_start;
}

// Asks for "/LOGIN"; judges nothing.
class PlainProvider final : public Provider {
 public:
  Request first_request(const Key& key) const override { return {.target = "/" + key.login}; }
  Verdict judge(const Ticket&, const Reply&) const override { return Accept{}; }
  Result<Page> parse(const Ticket& ticket, PaddedText, JsonScratch&) const override {
    return Page{.number = ticket.request.page, .rows = RecordBatch({})};
  }
};

inline const PlainProvider kPlainProvider;

// A plan that knows these users and that there are no more.
inline Plan plan_for(const std::vector<std::string>& logins, PlanOptions options = {}) {
  Plan plan(options, kPlainProvider, Time{});
  std::vector<Key> keys;
  for (const std::string& login : logins) keys.push_back({login});
  plan.offer(std::move(keys));
  return plan;
}

// A ticket come home with a page, and with follow-up pages up to `last`.
inline Settlement page(const Ticket& ticket, int last = 1) {
  Settlement settlement{
      .ticket = ticket,
      .exchange = {.page = ticket.request.page, .status = 200},
      .result = Accepted{.page = {.number = ticket.request.page, .rows = RecordBatch({})},
                         .follow_ups = {}}};
  for (int number = ticket.request.page + 1; number <= last; ++number) {
    settlement.result->follow_ups.push_back(
        {.target = ticket.request.target, .page = number, .last_announced = last});
  }
  return settlement;
}

inline Settlement failure(const Ticket& ticket, FailureKind kind, int status = 0) {
  return {.ticket = ticket,
          .exchange = {.page = ticket.request.page, .status = status},
          .result = fail(kind, ticket.login + ": " + std::string(policy_of(kind).name))};
}

// Takes the next step of that kind; throws std::bad_variant_access when it is another.
template <class Kind>
Kind step(Plan& plan, Duration now = {}) {
  Step next = plan.next(at(now));
  while (std::holds_alternative<ReadKeys>(next) && !std::is_same_v<Kind, ReadKeys>) {
    plan.offer({});
    next = plan.next(at(now));
  }
  return std::get<Kind>(std::move(next));
}

inline Ticket sent(Plan& plan, Duration now = {}) {
  return step<Send>(plan, now).ticket;
}

// The listing the plan hands over next, told to be in the database.
inline Listing stored(Plan& plan, Duration now = {}) {
  Listing listing = step<Keep>(plan, now).listing;
  plan.kept(listing.login, Stored{.login = listing.login, .outcome = listing.outcome}, at(now));
  return listing;
}

}  // namespace repopipe::testing
