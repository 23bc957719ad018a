#include "pipeline/run/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/base/thread.h"

namespace repopipe {
namespace {

// A transaction writes each changed page of the file once.  Nearly every user changes the pages of
// the indexes, so larger transactions write less in total.  A transaction larger than SQLite's
// cache writes pages more than once, and a killed process loses its open transaction.
constexpr std::size_t kMostRows = 16'384;
constexpr std::size_t kMostUsers = 1'024;

// The most listings that are written before their credits are returned.
constexpr std::ptrdiff_t kAtATime = 16;

std::size_t rows_of(const Listing& listing) {
  std::size_t rows = listing.request_logs.size();
  for (const Page& page : listing.pages) rows += page.rows.rows();
  return rows;
}

// Reserves the memory, so that taking listings from the queue does not allocate.
template <class User>
std::vector<User> with_room_for(std::ptrdiff_t users) {
  std::vector<User> some;
  some.reserve(static_cast<std::size_t>(users));
  return some;
}

}  // namespace

Writer::Writer(Store& store, const Clock& clock, OnWritten on_written)
    : store_(store),
      clock_(clock),
      on_written_(std::move(on_written)),
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
    waiting_.push_back(std::move(user));  // if this throws, `user` is unchanged
  } catch (...) {
    const Failure failure{FailureKind::database, caught().message};
    return user.done({.subject = user.listing.subject, .result = fail(failure)});
  }
  wake_.notify_one();
}

void Writer::work() {
  bool running = true;
  while (running) {
    try {
      running = write_some();
    } catch (...) {
      fail_all(caught());
    }
  }
}

bool Writer::write_some() {
  take_waiting();
  if (users_.empty() && group_.empty()) return false;
  const bool none_waits = users_.empty();
  add_all();
  if (none_waits || is_full()) commit();
  return true;
}

// Takes nothing if no listing waits and a group is open, or if the writer stops.
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
  Written written;
  for (Waiting& user : users_) {
    written.subjects.push_back(user.listing.subject);
    if (!add(user)) written.subjects.clear();  // `done` was called for all of them
  }
  users_.clear();
  group_busy_ += clock_.now() - begin;
  if (!written.subjects.empty()) tell_written(std::move(written));
}

bool Writer::add(Waiting& user) {
  auto stored = store_.add(user.listing);
  group_rows_ += rows_of(user.listing);
  group_.push_back({});  // may throw, so nothing is moved before
  group_.back() = {{.subject = user.listing.subject, .result = {}},
                   std::exchange(user.done, nullptr)};
  user.listing = {};
  if (!stored) {
    end_group(fail(stored.error()));
    return false;
  }
  group_.back().committed.result = std::move(*stored);
  return true;
}

// If this throws, the credits of these subjects are returned with `done`.
void Writer::tell_written(Written written) {
  try {
    on_written_(std::move(written));
  } catch (...) {
    static_cast<void>(caught());
  }
}

// The transaction may be incomplete: it is rolled back.
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
    user.committed.busy = busy;
    if (!status) user.committed.result = fail(status.error());
    user.done(std::move(user.committed));
  }
}

bool Writer::is_full() const {
  return group_rows_ >= kMostRows || group_.size() >= kMostUsers;
}

}  // namespace repopipe
