// The words of the report page: what is usual, the verdict, what to do, and where the time went.
// Pure functions of the report's values; their text is not escaped.  Used by page.cc.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "storage/query/night_report.h"

namespace repopipe {

// Medians of the finished nights before this one, see NightReport::before.
struct Usual {
  std::size_t nights = 0;  // 0: nothing is known, and all values are 0
  double wall_ms = 0;
  std::array<double, kParts> parts_ms{};
  double users = 0, not_listed = 0, failures = 0;  // failures: failed and blocked
  double requests = 0, free_share = 0, bytes = 0;  // free: not modified, 0 to 1
  double added = 0, gone = 0, changed = 0;
  std::array<double, std::tuple_size_v<Latencies>> latency_shares{};
};

Usual usual_of(const NightReport& report);

// 0 for no values; the mean of the middle two if their number is even.
double median(std::vector<double> values);

enum class Mood { good, look, bad };

struct NightVerdict {
  Mood mood = Mood::good;
  std::string head;
  std::string text;
};

// Red: the run did not finish, or is incomplete.  Amber: it took more than three times as long as
// usual and more than a minute, or there are unusually many new failures.
NightVerdict verdict_of(const NightReport& report, const Usual& usual);

// Something to do: "**head** before name, name and 3 more. after".
struct Advice {
  std::string head;
  std::string before{};
  std::vector<std::string> names{};
  std::uint64_t more = 0;  // names that are not shown
  std::string after{};
};

// Most urgent first.  `now`: of the page, for the expiry of tokens.
std::vector<Advice> advice_of(const NightReport& report, WallTime now);

// The parts of the wall time: the name of their style, and their meaning.
struct PartWords {
  std::string_view name;
  std::string_view meaning;
};
const std::array<PartWords, kParts>& part_words();

// "10 s more than usual went to fetching, ..." and how long responses took.
struct TimeWords {
  std::string head;
  std::string text;
};
TimeWords time_words(const NightReport& report, const Usual& usual);

// "the quota of the token".
std::string_view words_of_wait(std::string_view cause);

}  // namespace repopipe
