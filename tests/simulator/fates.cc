#include "tests/simulator/fates.h"

#include <fmt/format.h>

#include "tests/simulator/fault_kinds.h"
#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kFateStream = 0xfa7e;
constexpr std::uint64_t kDoomedKinds = 6, kOddKinds = 2;

// A repository object without its id.
Response malformed_listing(const Account& account) {
  return json_response(200, "OK",
                       fmt::format(R"([{{"name":"x","full_name":"{}/x","private":false,"owner":)"
                                   R"({{"login":"{}","id":{},"type":"User"}}}}])",
                                   account.login, account.login, account.id));
}

Response blocked_by_law() {
  return json_response(451, "Unavailable For Legal Reasons",
                       R"({"message":"Repository access blocked","block":{"reason":"dmca",)"
                       R"("created_at":"2025-11-03T08:00:00Z","html_url":)"
                       R"("https://github.com/github/dmca/blob/master/2025/11/2025-11-03-x.md"}})");
}

}  // namespace

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::server_error:
      return "500";
    case Fate::html:
      return "html";
    case Fate::malformed:
      return "malformed";
    case Fate::blocked_by_law:
      return "451";
    case Fate::suspended:
      return "suspended";
    case Fate::missing:
      return "404";
    case Fate::no_content:
      return "204";
    case Fate::empty:
      return "409";
  }
  return "";
}

bool is_doomed(Fate fate) {
  return fate != Fate::no_content && fate != Fate::empty;
}

std::optional<Fate> Fates::of(const Account& account) const {
  if (rates_.doomed_percent + rates_.odd_percent == 0) return std::nullopt;
  const std::uint64_t hash = mix(mix(seed_, kFateStream), account.id);
  const double draw = unit_interval(hash) * 100;
  const std::uint64_t kind = mix(hash);
  if (draw < rates_.doomed_percent) return static_cast<Fate>(kind % kDoomedKinds);
  if (draw < rates_.doomed_percent + rates_.odd_percent) {
    return static_cast<Fate>(kDoomedKinds + kind % kOddKinds);
  }
  return std::nullopt;
}

Response fate_response(Fate fate, const Account& account) {
  switch (fate) {
    case Fate::server_error:
      return server_error();
    case Fate::html:
      return outage_page();
    case Fate::malformed:
      return malformed_listing(account);
    case Fate::blocked_by_law:
      return blocked_by_law();
    case Fate::suspended:
      return message_response(403, "Forbidden", "Sorry. Your account was suspended");
    case Fate::missing:
      return not_found();
    case Fate::no_content:
      return {.status = 204, .reason = "No Content"};
    case Fate::empty:
      return message_response(409, "Conflict", "Git Repository is empty.");
  }
  return not_found();
}

}  // namespace repopipe::simulator
