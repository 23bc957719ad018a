#include "pipeline/report/figures.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::array kMonths{"January", "February", "March",     "April",   "May",      "June",
                             "July",    "August",   "September", "October", "November", "December"};

std::tm local(WallTime time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

std::string_view month_of(const std::tm& parts) {
  return kMonths.at(static_cast<std::size_t>(parts.tm_mon));
}

// The number at `at`; -1: there are no `length` digits.
int number_at(std::string_view text, std::size_t at, std::size_t length) {
  if (text.size() < at + length) return -1;
  int number = 0;
  const char* const end = text.data() + at + length;
  const auto [behind, error] = std::from_chars(text.data() + at, end, number);
  return error == std::errc{} && behind == end ? number : -1;
}

}  // namespace

std::optional<WallTime> parse_iso8601(std::string_view text) {
  namespace chrono = std::chrono;
  const int year = number_at(text, 0, 4), month = number_at(text, 5, 2);
  const int day = number_at(text, 8, 2), hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
  const chrono::year_month_day date(chrono::year{year}, chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || year < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  return WallTime(chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) +
                  chrono::seconds(second) +
                  chrono::milliseconds(std::max(number_at(text, 20, 3), 0)));
}

std::string show_day(WallTime time) {
  const std::tm parts = local(time);
  return fmt::format("{} {}", parts.tm_mday, month_of(parts).substr(0, 3));
}

std::string show_moment(WallTime time) {
  return show_day(time) + ' ' + show_time_of_day(time);
}

std::string show_date(WallTime time) {
  const std::tm parts = local(time);
  return fmt::format("{} {} {}", parts.tm_mday, month_of(parts), parts.tm_year + 1900);
}

std::string show_time_of_day(WallTime time) {
  const std::tm parts = local(time);
  return fmt::format("{:02}:{:02}", parts.tm_hour, parts.tm_min);
}

std::string show_zone(WallTime time) {
  const std::tm parts = local(time);
  return parts.tm_zone == nullptr ? std::string() : std::string(parts.tm_zone);
}

std::string show_brief(double milliseconds) {
  const auto ms = std::llround(milliseconds);
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 9950) return fmt::format("{:.1f} s", milliseconds / 1e3);
  const auto seconds = (ms + 500) / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string show_short(std::uint64_t count) {
  const auto number = static_cast<double>(count);
  if (count < 1000) return std::to_string(count);
  if (number < 9950) return fmt::format("{:.1f}k", number / 1e3);
  if (number < 999'500) return fmt::format("{:.0f}k", number / 1e3);
  if (number < 9'950'000) return fmt::format("{:.1f}M", number / 1e6);
  return fmt::format("{:.0f}M", number / 1e6);
}

std::string show_share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 1) return "< 1 %";
  if (part < whole && percent > 99) return "> 99 %";
  return fmt::format("{:.0f} %", percent);
}

std::string shown_line(std::string_view text, std::size_t most) {
  const std::string quoted = in_quotes(text, most);
  return quoted.substr(1, quoted.size() - 2);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", show(count), count == 1 ? one : many);
}

std::string show_outcomes(const RunTotals& totals) {
  std::string line;
  const auto add = [&line](std::uint64_t count, std::string_view name) {
    if (count > 0) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", show(count), name);
  };
  add(totals.ok, "ok");
  add(totals.unchanged, "unchanged");
  add(totals.renamed, "renamed");
  add(totals.not_found, "not found");
  add(totals.blocked, "blocked");
  add(totals.failed, "failed");
  return line.empty() ? "none" : line;
}

}  // namespace repopipe
