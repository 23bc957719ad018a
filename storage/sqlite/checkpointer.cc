#include "storage/sqlite/checkpointer.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"

namespace repopipe {
namespace {

// Pages of the log between two checkpoints.  Each checkpoint flushes the disk twice.  It writes a
// page once, even if the log has it several times.
constexpr int kBetween = 500;

// A smaller log does not justify a thread and a connection.
constexpr int kLittle = 50;

// A log restarts only after all of it was moved, which does not happen while its writer writes.
// From this number of pages on, the writer moves the rest itself.  SQLite's index of a log searches
// one more hash table per 4096 pages.
constexpr int kMost = 4'000;

}  // namespace

Checkpointer::Checkpointer(Database& writer, std::function<bool()> may_move)
    : writer_(writer), may_move_(may_move ? std::move(may_move) : [] { return true; }) {
  writer_.on_commit([this](int log_pages) { committed(log_pages); });
}

Checkpointer::~Checkpointer() {
  writer_.on_commit({});
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Checkpointer::move_the_rest() {
  if (log_pages_ - pages_seen_ < kLittle) return;
  begin_one();
  pages_seen_ = log_pages_;
}

void Checkpointer::leave_log() {
  const Lock lock(mutex_);
  leaves_log_ = true;
}

void Checkpointer::committed(int log_pages) {
  log_pages_ = log_pages;
  if (log_pages < pages_seen_) pages_seen_ = 0;  // the log has restarted
  if (log_pages >= kMost) {
    wait_for_the_last();
    move(writer_);
    pages_seen_ = log_pages;
  } else if (log_pages - pages_seen_ >= kBetween) {
    begin_one();
    pages_seen_ = log_pages;
  }
}

void Checkpointer::begin_one() {
  {
    const Lock lock(mutex_);
    wanted_ = true;
  }
  wake_.notify_all();
  if (thread_.is_there() || was_refused_) return;
  auto thread = Thread::start(
      "checkpointer", [this] { work(); }, [this](const Failure&) { rest(); });
  was_refused_ = !thread;
  if (thread) thread_ = std::move(*thread);
}

// From now on, only the writer moves the log.
void Checkpointer::rest() {
  {
    const Lock lock(mutex_);
    busy_ = false;
  }
  wake_.notify_all();
}

void Checkpointer::wait_for_the_last() {
  Lock lock(mutex_);
  wanted_ = false;
  wake_.wait(lock, [this]() REQUIRES(mutex_) { return !busy_; });
}

// SQLite flushes the log before it writes the file.  The log is flushed here before may_move_ is
// called, so that little time passes between its result and the first write.
void Checkpointer::move(Database& database) {
  const std::string log = database.path().string() + "-wal";
  const Descriptor file(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.is_open()) (void)::fdatasync(file.number());
  if (may_move_()) (void)database.checkpoint();
}

void Checkpointer::work() {
  auto database = Database::open(writer_.path(), Access::read_write);
  // A connection uses the log only after its first read.
  if (!database || !database->integer("PRAGMA user_version")) return;
  Lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this]() REQUIRES(mutex_) { return wanted_ || stopping_; });
    if (leaves_log_ || (stopping_ && !may_move_())) database->leave_log();
    if (stopping_) return;
    wanted_ = false;
    if (leaves_log_) continue;
    busy_ = true;
    lock.unlock();
    move(*database);
    lock.lock();
    busy_ = false;
    wake_.notify_all();
  }
}

}  // namespace repopipe
