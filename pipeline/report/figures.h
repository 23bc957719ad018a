// Times, durations, counts and shares as text for people.  Used by the status and the report page.
// Times are local (TZ), because people compare them with their own clock; JSON has UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {

// A time of the database, "2026-11-22T03:00:00.123Z"; nothing: it is not one.
std::optional<WallTime> parse_iso8601(std::string_view text);

// "25 Nov".
std::string show_day(WallTime time);
// "25 Nov 03:02".
std::string show_moment(WallTime time);
// "25 November 2026".
std::string show_date(WallTime time);
// "03:02".
std::string show_time_of_day(WallTime time);
// The name of the time zone at that time: "UTC", "CET".
std::string show_zone(WallTime time);

// At most three digits of the smaller unit: "498 ms", "9.1 s", "21 s", "3 min 14 s", "2 h 5 min".
std::string show_brief(double milliseconds);

// At most four characters: "2,591" as "2.6k", "41115" as "41k".
std::string show_short(std::uint64_t count);

// "28 %"; "< 1 %" and "> 99 %" where rounding would say none or all.  `whole` 0: "-".
std::string show_share(std::uint64_t part, std::uint64_t whole);

// Text from outside for one line, UTF-8: control and invisible characters are escaped, secrets are
// masked, and it is cut after `most` characters.
std::string shown_line(std::string_view text, std::size_t most = 300);

// "1,990 ok, 8 not found": the outcomes of users that occurred; "none".
std::string show_outcomes(const RunTotals& totals);

// "1 user", "2,000 users".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace repopipe
