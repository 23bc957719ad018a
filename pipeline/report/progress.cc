#include "pipeline/report/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
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

namespace {

// A longer line would wrap on a terminal of 80 columns and could not be erased.
constexpr std::size_t kWidth = 79;

}  // namespace

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
    users_ += 1;
    repositories_ += user.records;
    if (user.outcome != Outcome::failed) continue;
    failures_ += 1;
    if (failed_) failed_(user.login, error);
  }
  return {};
}

void CountingStore::abandon() noexcept {
  group_.clear();
  inner_.abandon();
}

ProgressLine::ProgressLine(const CountingStore& store, std::uint64_t total, const Clock& clock)
    : store_(store), total_(total), clock_(clock) {
  auto thread = Thread::start(
      "progress", [this] { show_on(); }, [](const Failure&) {});
  if (thread) thread_ = std::move(*thread);
}

ProgressLine::~ProgressLine() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  say("\r\x1b[K");
}

void ProgressLine::show_wait(std::string why, WallTime until) {
  const Lock lock(mutex_);
  wait_ = Wait{std::move(why), until};
}

void ProgressLine::show_on() {
  Lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::seconds(1),
                         [this]() REQUIRES(mutex_) { return stopping_; })) {
    say("\r\x1b[K" + text());
  }
}

std::string ProgressLine::text() {
  const std::uint64_t users = store_.users();
  const auto named = static_cast<std::int64_t>(total_) + store_.brought();
  const auto total = std::max(users, static_cast<std::uint64_t>(std::max<std::int64_t>(named, 0)));
  if (wait_ && !wait_->users) wait_->users = users;
  if (wait_ && (clock_.wall() >= wait_->until || users != wait_->users)) wait_.reset();
  if (!wait_) {
    return fmt::format("{} of {} users, {} repositories, {} failed", show(users), show(total),
                       show(store_.repositories()), show(store_.failures()));
  }
  const std::string time = to_iso8601(wait_->until);
  const std::string line =
      fmt::format("continues at {}Z, {} of {} users; {}", time.substr(0, time.find('.')),
                  show(users), show(total), wait_->why);
  return line.substr(0, kWidth);
}

}  // namespace repopipe
