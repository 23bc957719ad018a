#include "pipeline/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace repopipe {
namespace {

// A transaction writes every page of the file that it touches once, and the indexes' pages are
// touched by nearly every user: the larger it is, the less is written in all.  What is larger than
// SQLite's cache would be written more than once, and what a killed process loses is fetched again.
constexpr std::size_t kMostRows = 16'384;
constexpr std::size_t kMostUsers = 1'024;

// So many listings are let go at a time, as their credits are wanted elsewhere.
constexpr std::ptrdiff_t kAtATime = 16;

std::size_t rows_of(const Listing& listing) {
  std::size_t rows = listing.exchanges.size();
  for (const Page& page : listing.pages) rows += page.rows.rows();
  return rows;
}

}  // namespace

Writer::Writer(Store& store, const Clock& clock, OnTaken taken)
    : store_(store), clock_(clock), taken_(std::move(taken)), thread_([this] { work(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(Listing listing, Done done) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(listing), std::move(done)});
  wake_.notify_one();
}

void Writer::work() {
  while (true) {
    auto users = next_waiting();
    if (users.empty() && group_.empty()) return;
    const bool nobody_waits = users.empty();
    add(std::move(users));
    if (nobody_waits || is_full()) commit();
  }
}

// None: nobody waits, and there is a group to end; or the writer is to stop.
std::vector<Writer::Waiting> Writer::next_waiting() {
  std::unique_lock lock(mutex_);
  if (group_.empty()) wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  const auto end = waiting_.begin() + std::min(kAtATime, std::ssize(waiting_));
  std::vector<Waiting> users(std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return users;
}

void Writer::add(std::vector<Waiting> users) {
  const Time begin = clock_.now();
  Taken taken;
  for (Waiting& user : users) {
    taken.logins.push_back(user.listing.login);
    if (!add(std::move(user))) taken.logins.clear();  // all of them are settled
  }
  group_busy_ += clock_.now() - begin;
  if (!taken.logins.empty()) taken_(std::move(taken));
}

bool Writer::add(Waiting user) {
  auto stored = store_.add(user.listing);
  group_rows_ += rows_of(user.listing);
  group_.push_back({{.login = std::move(user.listing.login), .result = {}}, std::move(user.done)});
  if (!stored) {
    end_group(fail(stored.error()));
    return false;
  }
  group_.back().kept.result = std::move(*stored);
  return true;
}

void Writer::commit() {
  const Time begin = clock_.now();
  const Status committed = store_.commit();
  group_busy_ += clock_.now() - begin;
  end_group(committed);
}

void Writer::end_group(const Status& status) {
  group_rows_ = 0;
  auto group = std::exchange(group_, {});
  if (group.empty()) return;
  const Duration busy = std::exchange(group_busy_, {}) / static_cast<Duration::rep>(group.size());
  for (Added& user : group) {
    user.kept.busy = busy;
    if (!status) user.kept.result = fail(status.error());
    user.done(std::move(user.kept));
  }
}

bool Writer::is_full() const {
  return group_rows_ >= kMostRows || group_.size() >= kMostUsers;
}

}  // namespace repopipe
