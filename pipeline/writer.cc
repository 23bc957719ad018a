#include "pipeline/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace repopipe {
namespace {

// A transaction writes every page of the file that it touches once, and the indexes' pages are
// touched by nearly every user: the larger it is, the less is written in all.  It must fit into
// SQLite's cache, and what is lost with a killed process is fetched again.
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
  orders_.push_back({std::move(listing), std::move(done)});
  wake_.notify_one();
}

void Writer::work() {
  while (true) {
    auto orders = next_orders();
    if (orders.empty() && group_.empty()) return;
    const bool nobody_waits = orders.empty();
    add(std::move(orders));
    if (nobody_waits || is_full()) commit();
  }
}

// None: nobody waits, and there is a group to end; or the writer is to stop.
std::vector<Writer::Order> Writer::next_orders() {
  std::unique_lock lock(mutex_);
  if (group_.empty()) wake_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
  const auto end = orders_.begin() + std::min(kAtATime, std::ssize(orders_));
  std::vector<Order> orders(std::make_move_iterator(orders_.begin()), std::make_move_iterator(end));
  orders_.erase(orders_.begin(), end);
  return orders;
}

void Writer::add(std::vector<Order> orders) {
  const Time begin = clock_.now();
  Taken taken;
  for (Order& order : orders) {
    taken.logins.push_back(order.listing.login);
    if (!add(std::move(order))) taken.logins.clear();  // all of them are settled
  }
  group_busy_ += clock_.now() - begin;
  if (!taken.logins.empty()) taken_(std::move(taken));
}

bool Writer::add(Order order) {
  auto stored = store_.add(order.listing);
  group_rows_ += rows_of(order.listing);
  group_.push_back(
      {{.login = std::move(order.listing.login), .result = {}}, std::move(order.done)});
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
