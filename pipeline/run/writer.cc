#include "pipeline/run/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/base/thread.h"

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
  std::size_t rows = listing.request_logs.size();
  for (const Page& page : listing.pages) rows += page.rows.rows();
  return rows;
}

// So that users can be taken up without memory of their own.
template <class User>
std::vector<User> with_room_for(std::ptrdiff_t users) {
  std::vector<User> some;
  some.reserve(static_cast<std::size_t>(users));
  return some;
}

}  // namespace

Writer::Writer(Store& store, const Clock& clock, OnWritten taken)
    : store_(store),
      clock_(clock),
      on_written_(std::move(taken)),
      users_(with_room_for<Waiting>(kAtATime)),
      thread_(Thread::must_start(
          "writer", [this] { work(); }, [this](const Failure& failure) { fail_all(failure); })) {}

Writer::~Writer() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(Listing listing, Done done) {
  Waiting user{std::move(listing), std::move(done)};
  try {
    const Lock lock(mutex_);
    waiting_.push_back(std::move(user));  // which is still there if this throws
  } catch (...) {
    const Failure failure{FailureKind::database, caught().message};
    return user.done({.subject = user.listing.subject, .result = fail(failure)});
  }
  wake_.notify_one();
}

void Writer::work() {
  bool goes_on = true;
  while (goes_on) {
    try {
      goes_on = write_some();
    } catch (...) {
      fail_all(caught());
    }
  }
}

bool Writer::write_some() {
  take_waiting();
  if (users_.empty() && group_.empty()) return false;
  const bool nobody_waits = users_.empty();
  add_all();
  if (nobody_waits || is_full()) commit();
  return true;
}

// None: nobody waits, and there is a group to end; or the writer is to stop.
void Writer::take_waiting() {
  Lock lock(mutex_);
  if (group_.empty())
    wake_.wait(lock, [this]() REQUIRES(mutex_) { return stopping_ || !waiting_.empty(); });
  const auto end = waiting_.begin() + std::min(kAtATime, std::ssize(waiting_));
  users_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
}

void Writer::add_all() {
  const Time begin = clock_.now();
  Written taken;
  for (Waiting& user : users_) {
    taken.subjects.push_back(user.listing.subject);
    if (!add(user)) taken.subjects.clear();  // all of them are settled
  }
  users_.clear();
  group_busy_ += clock_.now() - begin;
  if (!taken.subjects.empty()) tell_written(std::move(taken));
}

bool Writer::add(Waiting& user) {
  auto stored = store_.add(user.listing);
  group_rows_ += rows_of(user.listing);
  group_.push_back({});  // nothing is moved before there is room for it
  group_.back() = {{.subject = user.listing.subject, .result = {}},
                   std::exchange(user.done, nullptr)};
  user.listing = {};
  if (!stored) {
    end_group(fail(stored.error()));
    return false;
  }
  group_.back().kept.result = std::move(*stored);
  return true;
}

// One that is not told has its credits back when it is kept.
void Writer::tell_written(Written taken) {
  try {
    on_written_(std::move(taken));
  } catch (...) {
    static_cast<void>(caught());
  }
}

// Of a transaction that may be half done nothing is kept.
void Writer::fail_all(const Failure& failure) noexcept {
  const Failure told{FailureKind::database, failure.message};
  store_.abandon();
  end_group(fail(told));
  for (Waiting& user : users_) {
    if (user.done) user.done({.subject = user.listing.subject, .result = fail(told)});
  }
  users_.clear();
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
