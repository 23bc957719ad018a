// repopipe (pipeline/main.cc) that kills itself at the commit in REPOPIPE_TEST_KILL, counted over
// all connections from 1: "before:3" before anything of the third commit is written, "after:3"
// directly after it, for example before a checkpoint.
#include <sqlite3.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

namespace {

enum class Moment { never, before, after };

struct Order {
  Moment moment = Moment::never;
  int commit = 0;
};

Order given_order() {
  const char* const variable = std::getenv("REPOPIPE_TEST_KILL");
  const std::string text = variable == nullptr ? "" : variable;
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return {};
  const Moment moment = text.starts_with("before") ? Moment::before : Moment::after;
  return {moment, std::stoi(text.substr(colon + 1))};
}

struct Watch {
  const Order order = given_order();
  std::atomic<int> commits = 0;
  std::atomic<sqlite3*> committing = nullptr;  // the connection whose commit is the last one
};

Watch& watch() {
  static Watch watch;
  return watch;
}

int on_commit(void* connection) {
  Watch& all = watch();
  if (++all.commits != all.order.commit) return 0;
  if (all.order.moment == Moment::before) raise(SIGKILL);
  all.committing = static_cast<sqlite3*>(connection);
  return 0;
}

// A statement has ended.  Of the connection that commits, the first one to do so is the commit.
// The hook that SQLite has for a commit to the log would take the place of automatic checkpoints.
int on_end(unsigned, void*, void* statement, void*) {
  Watch& all = watch();
  const bool committed = sqlite3_db_handle(static_cast<sqlite3_stmt*>(statement)) == all.committing;
  if (committed && all.order.moment == Moment::after) raise(SIGKILL);
  return 0;
}

int on_open(sqlite3* connection, const char**, const void*) {
  sqlite3_commit_hook(connection, on_commit, connection);
  sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, on_end, nullptr);
  return SQLITE_OK;
}

// SQLite calls it for every connection, with the signature of sqlite3_auto_extension.
[[maybe_unused]] const int installed =
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(on_open));

}  // namespace
