#include "stages/parse/http_date.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <string>

namespace repopipe {
namespace {

// `end` is where the reading stopped.  The program never leaves the C locale.
std::optional<std::chrono::sys_seconds> read_time(const std::string& text, const char* format,
                                                  const char*& end) {
  std::tm parts{};
  end = strptime(text.c_str(), format, &parts);
  if (end == nullptr) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

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

}  // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  const char* end = nullptr;
  const std::string copy(text);
  const auto time = read_time(copy, "%a, %d %b %Y %H:%M:%S GMT", end);
  if (!time || end != copy.c_str() + copy.size()) return std::nullopt;
  return time;
}

std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text) {
  const char* end = nullptr;
  const std::string copy(text);
  const auto time = read_time(copy, "%Y-%m-%d %H:%M:%S", end);
  if (!time) return std::nullopt;
  const auto offset = parse_offset(end);
  if (!offset) return std::nullopt;
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
