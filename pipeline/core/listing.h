// What planner, parse and store say to each other about one user.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/core/clock.h"
#include "pipeline/core/record_batch.h"
#include "pipeline/core/reply.h"
#include "pipeline/core/result.h"
#include "pipeline/core/ticket.h"

namespace repopipe {

// One HTTP exchange as the table `requests` keeps it.
struct Exchange {
  int page = 1;
  int attempt = 1;
  int status = 0;  // 0: no reply came
  std::uint64_t bytes = 0;
  std::string http_version{};
  Timing timing{};
  std::string outcome = "ok";  // or the name of the failure's kind
  std::string error{};         // one line; empty when ok
};

struct Page {
  int number = 1;
  RecordBatch rows;
  int skipped = 0;  // `null` elements
};

// What parse made of a reply that is a page.
struct Accepted {
  Page page;
  std::vector<Request> follow_ups;
};

// A ticket come home.
struct Settlement {
  Ticket ticket;
  Exchange exchange;
  Result<Accepted> result;
  Duration queued{};  // waiting for a connection, and for parse
  Duration parse{};   // inflating and parsing
};

enum class Outcome { ok, unchanged, not_found, renamed, blocked, failed, abandoned };

// The word that `run_users.outcome` holds.  `abandoned` users are not in that table: the run
// stopped before they were complete, and the next one takes them up.
std::string_view name_of(Outcome outcome);

// One user on the way to the store.
struct Listing {
  std::string login{};  // as the job spells it
  Outcome outcome = Outcome::ok;
  std::string error{};        // one line; empty unless the outcome is a failure
  WallTime settled_at{};      // also what the rows' times become
  std::vector<Page> pages{};  // every page, in order, when ok; empty otherwise
  std::vector<Exchange> exchanges{};
  Duration queued{};  // sums over the user's tickets
  Duration fetch{};
  Duration parse{};
  Time handed_over{};  // when it left the planner
};

// The store's answer: the user is wholly in the database.
struct Stored {
  std::string login{};
  Outcome outcome = Outcome::ok;
  std::uint64_t repos = 0;
};

}  // namespace repopipe
