// The display of a run on a terminal: lines from what is known now, and the time that is left. Pure
// functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/run.h"

namespace repopipe {

struct Terminal {
  std::size_t columns = 80;
  bool is_utf8 = true;
  bool has_colour = false;
};

// What the display shows.
struct Progress {
  std::string job{};
  RunTotals totals{};              // users by outcome, and repositories; nothing else
  std::uint64_t users_before = 0;  // of those, in earlier parts of the run
  std::uint64_t total = 0;         // users of the job
  RunProgress run{};
  std::size_t concurrency = 1;            // of fetch
  double rate = 0;                        // requests per second, lately
  std::optional<WorkerCounts> workers{};  // nothing: fetch and parse run in the run's own process
  Duration elapsed{};                     // since the start of this part
  WallTime now{};
  std::optional<WallTime> deadline{};
};

// The quotas of the tokens of which the API has told one, together.
struct QuotaSum {
  std::size_t tokens = 0;
  std::uint64_t left = 0, limit = 0;
  std::optional<std::int64_t> resets_at{};  // the first of them
};

QuotaSum quota_of(const RunProgress& run);

WallTime wall_of(std::int64_t seconds);

// How long the run still takes, at this rate and with the quotas and waits that are known; nothing:
// nothing is known yet.
std::optional<Duration> time_left(const Progress& progress);

// At most six lines, none longer than `columns` - 1.  Below 72 columns without the right column,
// below 60 three short lines.
std::vector<std::string> frame_of(const Progress& progress, const Terminal& terminal);

// "9,840 of 20,000 users, 3 failed, waiting: ...; continues at ..., in 28 min", in one line.
std::string progress_text(const Progress& progress);

// The columns that `text` takes on a terminal, without the control sequences of colours.
std::size_t columns_of(std::string_view text);

}  // namespace repopipe
