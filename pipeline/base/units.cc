#include "pipeline/base/units.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ctime>
#include <limits>
#include <span>

namespace repopipe {
Time SystemClock::now() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return Time(std::chrono::duration_cast<Duration>(std::chrono::seconds(now.tv_sec) +
                                                   std::chrono::nanoseconds(now.tv_nsec)));
}

WallTime SystemClock::wall() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"),
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array kSizeUnits{Unit{"B", 1},
                                Unit{"KB", 1000},
                                Unit{"KiB", 1024},
                                Unit{"MB", 1000 * 1000},
                                Unit{"MiB", 1024 * 1024},
                                Unit{"GB", 1000 * 1000 * 1000},
                                Unit{"GiB", 1024 * 1024 * 1024}};
constexpr std::array kTimeUnits{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};

// Removes a whole number and a unit from the front of `text`; nothing: one is missing or the
// product overflows.
std::optional<std::uint64_t> take(std::string_view& text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const std::size_t length = std::min(text.find_first_of("0123456789"), text.size());
  for (const Unit& unit : units) {
    if (unit.name != text.substr(0, length)) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
    text.remove_prefix(length);
    return number * unit.factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Bytes> parse_bytes(std::string_view text) {
  const auto count = take(text, kSizeUnits);
  if (!count || !text.empty()) return std::nullopt;
  return Bytes{*count};
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr std::uint64_t kLongest = std::numeric_limits<std::int64_t>::max() / 1000;
  std::uint64_t sum = 0;
  while (!text.empty()) {
    const auto part = take(text, kTimeUnits);
    if (!part || *part > kLongest - sum) return std::nullopt;
    sum += *part;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(sum));
}

std::string show(Bytes bytes) {
  const auto count = static_cast<double>(bytes.count);
  if (bytes.count < 1000) return fmt::format("{} B", bytes.count);
  if (count < 999.5e3) return fmt::format("{:.1f} KB", count / 1e3);
  if (count < 999.5e6) return fmt::format("{:.1f} MB", count / 1e6);
  return fmt::format("{:.1f} GB", count / 1e9);
}

std::string show(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1e3);
  const auto seconds = (ms + 500) / 1000;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string show_rounded(std::chrono::microseconds duration) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(duration).count();
  if (seconds < 100) return fmt::format("{} s", seconds);
  if (seconds < 100 * 60) return fmt::format("{} min", (seconds + 30) / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", (seconds + 1800) / 3600);
  return fmt::format("{} days", (seconds + 43'200) / 86'400);
}

std::string show(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

}  // namespace repopipe
