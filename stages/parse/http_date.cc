#include "stages/parse/http_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace repopipe {
namespace {

// "UTC", "GMT", "Z", nothing, "+0200", "+02:00"
std::optional<std::chrono::minutes> parse_offset(std::string_view zone) {
  while (zone.starts_with(' ')) zone.remove_prefix(1);
  if (zone.empty() || zone == "UTC" || zone == "GMT" || zone == "Z") return std::chrono::minutes(0);
  std::string digits(zone.substr(1));
  std::erase(digits, ':');
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_whole = error == std::errc{} && end == digits.data() + digits.size();
  const bool is_signed = zone.front() == '+' || zone.front() == '-';
  if (!is_whole || !is_signed || digits.size() != 4 || number < 0) return std::nullopt;
  const std::chrono::minutes offset(number / 100 * 60 + number % 100);
  return zone.front() == '-' ? -offset : offset;
}

// Removes `size` digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t size) {
  int number = 0;
  if (text.size() < size || text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + size, number);
  if (error != std::errc{} || end != text.data() + size) return std::nullopt;
  text.remove_prefix(size);
  return number;
}

// Nothing: a number is missing.  `format` has `count` digits 4 and 2, the sizes of the numbers.
template <std::size_t count>
std::optional<std::array<int, count>> take_numbers(std::string_view& text,
                                                   std::string_view format) {
  std::array<int, count> numbers{};
  std::size_t next = 0;
  for (const char c : format) {
    if (c == '4' || c == '2') {
      const auto number = take_digits(text, static_cast<std::size_t>(c - '0'));
      if (!number) return std::nullopt;
      numbers.at(next++) = *number;
    } else if (!text.empty() && (text.front() == c || (c == 'T' && text.front() == ' '))) {
      text.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  return numbers;
}

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::size_t kNameLength = 3;

// The index in `names` of the name at the front of `text`, which is removed; nothing: none.
std::optional<int> take_name(std::string_view& text, std::string_view names) {
  if (text.size() < kNameLength) return std::nullopt;
  const std::size_t at = names.find(text.substr(0, kNameLength));
  if (at == std::string_view::npos || at % kNameLength != 0) return std::nullopt;
  text.remove_prefix(kNameLength);
  return static_cast<int>(at / kNameLength);
}

// From year, month, day, hour, minute and second; nothing: there is no such time.
std::optional<std::chrono::sys_seconds> moment(const std::array<int, 6>& numbers) {
  using namespace std::chrono;
  const auto [y, m, d, h, min, s] = numbers;
  const year_month_day date{year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d))};
  if (!date.ok() || h > 23 || min > 59 || s > 60) return std::nullopt;
  return sys_days(date) + hours(h) + minutes(min) + std::chrono::seconds(s);
}

void pass_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return;
  text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
}

}  // namespace

std::optional<std::string> to_utc(std::string_view text) {
  using namespace std::chrono;
  const std::string_view whole = text;
  const auto numbers = take_numbers<6>(text, "4-2-2T2:2:2");
  const auto local = numbers ? moment(*numbers) : std::nullopt;
  if (!local) return std::nullopt;
  const bool is_plain = text == "Z";
  pass_fraction(text);
  if (text == "z") text = "Z";
  const auto offset = text.empty() ? std::nullopt : parse_offset(text);
  if (!offset || text == "UTC" || text == "GMT" || text.front() == ' ') return std::nullopt;
  const sys_seconds time = *local - *offset;
  if (numbers->front() <= 1 || time == sys_seconds{}) return std::string();
  if (is_plain && numbers->back() < 60 && whole[10] == 'T') return std::string(whole);
  const year_month_day date{floor<days>(time)};
  const hh_mm_ss clock{time - floor<days>(time)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  const bool has_day = take_name(text, kDays).has_value() && text.starts_with(", ");
  if (!has_day) return std::nullopt;
  text.remove_prefix(2);
  const auto day = take_numbers<1>(text, "2 ");
  const auto month = take_name(text, kMonths);
  const auto rest = take_numbers<4>(text, " 4 2:2:2");
  if (!day || !month || !rest || text != " GMT") return std::nullopt;
  const auto [y, h, min, s] = *rest;
  return moment({y, *month + 1, day->front(), h, min, s});
}

std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text) {
  const auto numbers = take_numbers<6>(text, "4-2-2 2:2:2");
  const auto offset = numbers ? parse_offset(text) : std::nullopt;
  const auto time = offset ? moment(*numbers) : std::nullopt;
  if (!time) return std::nullopt;
  return *time - *offset;
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  constexpr std::int64_t kMost = 100'000'000'000;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range && text.front() != '-') {
    return std::chrono::seconds(kMost);
  }
  if (error != std::errc{} || number < 0) return std::nullopt;
  return std::chrono::seconds(std::min(number, kMost));
}

}  // namespace repopipe
