#include "pipeline/plan/limits/limit_suspects.h"

#include <algorithm>
#include <utility>

namespace repopipe {

void LimitSuspects::refused(const std::string& login, Time sent, Time now) {
  Entry& entry = entries_[login];
  if (entry.refusals++ == 0) entry.first_refused = now;
  entry.sent = sent;
  const bool is_others_grant = !latest_.login.empty() && latest_.login != login;
  if (entry.is_proven || is_alone(login)) ++entry.counted;
  if (is_others_grant && latest_.sent >= sent) suspect(entry);
}

// Earlier refusals count too.
void LimitSuspects::suspect(Entry& entry) {
  if (!std::exchange(entry.is_likely, true)) entry.counted = entry.refusals;
}

bool LimitSuspects::is_alone(const std::string& login) const {
  return std::ranges::none_of(
      entries_, [&](const auto& each) { return !each.second.is_likely && each.first != login; });
}

void LimitSuspects::granted(const std::string& login, Time sent) {
  if (first_.login.empty()) first_ = {login, sent};
  were_several_granted_ = were_several_granted_ || login != first_.login;
  if (sent >= latest_.sent) latest_ = {login, sent};
  if (login != doubted_) doubted_.clear();
  if (entries_.empty()) return;
  entries_.erase(login);
  for (auto& [other, entry] : entries_) {
    if (entry.sent <= sent) suspect(entry);
    entry.is_proven = entry.is_proven || entry.first_refused <= sent;
  }
}

// If other subjects were granted requests, the limit probably concerns this subject only, also if
// no other subject is left.
bool LimitSuspects::doubts_long_wait(const std::string& login) {
  if (doubted_.empty()) {
    doubted_ = login;
    return true;
  }
  return doubted_ == login && record_of(login).counted > 0;
}

void LimitSuspects::forget(const std::string& login) {
  if (login == doubted_) doubted_.clear();
  if (!entries_.empty()) entries_.erase(login);
}

LimitRecord LimitSuspects::record_of(const std::string& login) const {
  const auto entry = entries_.find(login);
  if (entry == entries_.end()) return {};
  const bool was_other_granted =
      were_several_granted_ || (!first_.login.empty() && first_.login != login);
  return {.refusals = entry->second.refusals,
          .counted = was_other_granted ? entry->second.counted : 0,
          .is_proven = entry->second.is_proven};
}

}  // namespace repopipe
