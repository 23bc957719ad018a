#include "pipeline/report/progress.h"

#include <fmt/format.h>

#include <utility>

#include "pipeline/base/units.h"

namespace repopipe {
namespace {

std::string moment(WallTime time) {
  const std::string text = to_iso8601(time);
  return text.substr(0, text.find('.')) + 'Z';
}

WallTime before(WallTime now, Duration lasted) {
  return now - std::chrono::duration_cast<std::chrono::milliseconds>(lasted);
}

}  // namespace

std::string words_of(const Notice& say, std::optional<WallTime> goes_on, WallTime now,
                     Verbosity verbosity) {
  if (say.weight == Severity::remark && verbosity == Verbosity::warnings) return {};
  std::string line = "repopipe: ";
  if (say.weight == Severity::warning) line += "warning: ";
  line += say.text;
  if (say.lasted) line += fmt::format("; since {}", moment(before(now, *say.lasted)));
  if (goes_on && *goes_on > now) {
    line += fmt::format("{} {}, in {}", say.lasted ? ", tried again at" : "; continues at",
                        moment(*goes_on), show_rounded(*goes_on - now));
  }
  return line + '\n';
}

CountingStore::CountingStore(Store& inner, const RunTotals& before, Failed failed)
    : inner_(inner), failed_(std::move(failed)), repositories_(before.repos_seen) {
  outcomes_[static_cast<std::size_t>(Outcome::ok)] = before.ok;
  outcomes_[static_cast<std::size_t>(Outcome::unchanged)] = before.unchanged;
  outcomes_[static_cast<std::size_t>(Outcome::not_found)] = before.not_found;
  outcomes_[static_cast<std::size_t>(Outcome::renamed)] = before.renamed;
  outcomes_[static_cast<std::size_t>(Outcome::blocked)] = before.blocked;
  outcomes_[static_cast<std::size_t>(Outcome::failed)] = before.failed;
}

RunTotals CountingStore::totals() const {
  const auto count = [this](Outcome outcome) {
    return outcomes_[static_cast<std::size_t>(outcome)].load();
  };
  RunTotals totals;
  totals.ok = count(Outcome::ok);
  totals.unchanged = count(Outcome::unchanged);
  totals.renamed = count(Outcome::renamed);
  totals.not_found = count(Outcome::not_found);
  totals.blocked = count(Outcome::blocked);
  totals.failed = count(Outcome::failed);
  totals.repos_seen = repositories_;
  return totals;
}

Result<Stored> CountingStore::add(const Listing& listing) {
  auto stored = inner_.add(listing);
  if (stored && listing.resource != kRepositoriesId) {
    brought_ += static_cast<std::int64_t>(stored->accounts.size()) - 1;  // in place of the list
  } else if (stored) {
    group_.push_back({*stored, listing.outcome == Outcome::failed ? listing.error : std::string()});
  } else {
    group_.clear();
  }
  return stored;
}

Status CountingStore::commit() {
  const auto group = std::exchange(group_, {});
  const Status committed = inner_.commit();
  if (!committed) return committed;
  for (const auto& [user, error] : group) {
    if (user.outcome == Outcome::abandoned) continue;
    outcomes_.at(static_cast<std::size_t>(user.outcome)) += 1;
    repositories_ += user.records;
    if (user.outcome != Outcome::failed) continue;
    if (failed_) failed_(user.login, error);
  }
  return {};
}

void CountingStore::abandon() noexcept {
  group_.clear();
  inner_.abandon();
}

}  // namespace repopipe
