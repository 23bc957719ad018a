#include "tests/simulator/politeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "tests/simulator/quota.h"
#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::size_t kMostExamples = 10;
constexpr std::uint64_t kMostTries = 10;

constexpr std::array<std::string_view, 6> kNames = {"during_wait",      "over_limit",
                                                    "wrong_principal",  "no_user_agent",
                                                    "too_many_retries", "sooner_than_told"};

std::string_view name_of(Limit limit) {
  switch (limit) {
    case Limit::none:
      return "";
    case Limit::concurrent:
      return "concurrent";
    case Limit::per_minute:
      return "per_minute";
    case Limit::response_seconds:
      return "response_seconds";
  }
  return "";
}

std::string milliseconds_text(Moment::duration time) {
  return fmt::format("{} ms", std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

}  // namespace

Politeness::Politeness(const Tokens& tokens, const SecondarySettings& settings)
    : tokens_(tokens), settings_(settings) {}

std::size_t Politeness::index_of(std::string_view authorization) {
  const auto found = indexes_.find(authorization);
  if (found != indexes_.end()) return found->second;
  const std::size_t index = principals_.size();
  principals_.push_back(
      {.name = principal_of(authorization), .authorization = std::string(authorization)});
  indexes_.emplace(authorization, index);
  return index;
}

void Politeness::arrived(const Request& request, const Sighting& sighting, Moment now) {
  const std::size_t index = index_of(request.authorization);
  ++requests_;
  largest_in_flight_ = std::max(largest_in_flight_, sighting.in_flight);
  count_arrival(principals_[index], now);
  if (request.user_agent.empty()) note(Offence::no_user_agent, request, "", now);
  check_waits(request, principals_[index], now);
  if (sighting.standing.over != Limit::none) {
    ++over_[static_cast<std::size_t>(sighting.standing.over)];
    note(Offence::over_limit, request, name_of(sighting.standing.over), now);
  }
  if (sighting.account) check_principal(request, *sighting.account, index, now);
}

void Politeness::count_arrival(Principal& principal, Moment now) {
  auto& arrivals = principal.arrivals;
  arrivals.push_back(now);
  while (arrivals.front() <= now - settings_.minute) arrivals.pop_front();
  busiest_minute_ = std::max<std::uint64_t>(busiest_minute_, arrivals.size());
}

void Politeness::check_waits(const Request& request, const Principal& principal, Moment now) {
  Moment ends{}, told{};
  for (const ToldWait& wait : principal.waits) {
    if (now < wait.began + settings_.grace) continue;
    ends = std::max(ends, wait.ends);
    told = std::max(told, wait.told);
  }
  if (now < ends) {
    note(Offence::during_wait, request, milliseconds_text(ends - now) + " before its end", now);
  } else if (now < told) {
    note(Offence::sooner_than_told, request, milliseconds_text(told - now) + " too soon", now);
  }
}

void Politeness::check_principal(const Request& request, std::uint64_t account, std::size_t index,
                                 Moment now) {
  const auto [first, is_first] = asked_by_.emplace(account, index);
  if (is_first || first->second == index) return;
  const Principal& before = principals_[first->second];
  if (tokens_.refused(before.authorization)) {
    first->second = index;
  } else {
    note(Offence::wrong_principal, request, "before: " + before.name, now);
  }
}

void Politeness::replied(const Request& request, int status, const std::optional<Wait>& wait,
                         Moment now) {
  ok_ += status == 200;
  not_modified_ += status == 304;
  if (wait) {
    ToldWait& state =
        principals_[index_of(request.authorization)].waits[static_cast<std::size_t>(wait->kind)];
    if (now >= state.ends) state.began = now;
    state.ends = wait->ends;
    state.told = std::max(state.told, wait->told);
    return;  // refusals are judged by the wait, not by their number
  }
  if (status > 0 && status < 400) return;
  const std::uint64_t url = std::hash<std::string_view>{}(request.target);
  if (++failures_[mix(url, static_cast<std::uint64_t>(status))] <= kMostTries) return;
  note(Offence::too_many_retries, request, fmt::format("status {}", status), now);
}

void Politeness::note(Offence offence, const Request& request, std::string_view detail,
                      Moment now) {
  Record& record = records_[static_cast<std::size_t>(offence)];
  if (++record.count > kMostExamples) return;
  const std::chrono::duration<double> time = now.time_since_epoch();
  const nlohmann::json example = {{"time", time.count()},
                                  {"target", std::string(request.target)},
                                  {"principal", principal_of(request.authorization)},
                                  {"detail", std::string(detail)}};
  record.examples.push_back(example.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::uint64_t Politeness::count(Offence offence) const {
  return records_[static_cast<std::size_t>(offence)].count;
}

std::string Politeness::report() const {
  nlohmann::ordered_json report = {{"requests", requests_},
                                   {"ok", ok_},
                                   {"not_modified", not_modified_},
                                   {"largest_in_flight", largest_in_flight_},
                                   {"busiest_minute", busiest_minute_}};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kOffences; ++i) {
    sum += records_[i].count;
    auto& entry = report[std::string(kNames[i])];
    entry["count"] = records_[i].count;
    entry["examples"] = nlohmann::ordered_json::array();
    for (const std::string& example : records_[i].examples) {
      entry["examples"].push_back(nlohmann::ordered_json::parse(example));
    }
  }
  for (const Limit limit : {Limit::concurrent, Limit::per_minute, Limit::response_seconds}) {
    report["over_limit"][std::string(name_of(limit))] = over_[static_cast<std::size_t>(limit)];
  }
  report["impolite"] = sum;
  return report.dump(2);
}

std::string Politeness::summary() const {
  std::uint64_t sum = 0;
  std::string parts;
  for (std::size_t i = 0; i < kOffences; ++i) {
    sum += records_[i].count;
    parts += fmt::format("{}{} {}", i == 0 ? "" : ", ", kNames[i], records_[i].count);
  }
  return fmt::format("impolite {}: {}", sum, parts);
}

}  // namespace repopipe::simulator
