#include "pipeline/job/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/base/text.h"
#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kLongestCompared = 64;

// maxBody, max-body and max_body become equal.
std::string folded(std::string_view text) {
  std::string plain = fold_case(text);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return plain;
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1), last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last.back();
}

// The edit distance; kFar if it is too large for a suggestion.
std::size_t closeness(std::string_view text, std::string_view word, Reach reach = Reach::near) {
  if (text.size() > kLongestCompared) return kFar;
  const std::string left = folded(text);
  const std::size_t distance = edit_distance(left, folded(word));
  const std::size_t most = left.size() / (reach == Reach::near ? 3 : 2);
  return distance <= std::max<std::size_t>(1, most) ? distance : kFar;
}

std::string_view section_of(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::string_view leaf_of(std::string_view path) {
  return path.substr(path.find('.') + 1);
}

}  // namespace

std::string nearest_key(std::string_view path) {
  const std::string_view section = section_of(path), leaf = leaf_of(path);
  std::string_view nearest;
  std::size_t best = kFar;
  const auto consider = [&](std::string_view candidate, std::string_view word, std::size_t extra) {
    const std::size_t distance = closeness(leaf, word);
    if (distance == kFar || 2 * distance + extra >= best) return;
    best = 2 * distance + extra;
    nearest = candidate;
  };
  for (const JobKey& key : job_keys()) {
    const std::string_view home = section_of(key.path);
    consider(key.path, leaf_of(key.path), home == section ? 0 : 1);
    if (section.empty() && !home.empty()) consider(home, home, 0);
  }
  if (nearest.empty() && !is_section(section)) {
    for (const JobKey& key : job_keys()) {  // feth.concurency: wrong in both halves
      if (closeness(path, key.path) != kFar) return std::string(key.path);
    }
  }
  return std::string(nearest);
}

std::string_view nearest_word(std::string_view text, std::span<const std::string_view> words,
                              Reach reach) {
  const auto near = [=](std::string_view word) { return closeness(text, word, reach); };
  const auto best = std::ranges::min_element(words, {}, near);
  return best != words.end() && near(*best) != kFar ? *best : std::string_view{};
}

std::string known_keys(std::string_view section) {
  std::string known;
  std::string_view last;
  for (const JobKey& key : job_keys()) {
    const std::string_view home = section_of(key.path);
    const std::string_view word = !section.empty() || home.empty() ? leaf_of(key.path) : home;
    if ((!section.empty() && home != section) || word == last) continue;
    if (!known.empty()) known += ", ";
    known += last = word;
  }
  return known;
}

namespace {

constexpr double kMost = 9e15;  // whole numbers up to here are exact

// A unit as users may write it, in lower case, and as in a job file.
struct Spelling {
  std::string_view word;
  std::string_view unit;
  double factor;  // of milliseconds or bytes
};

constexpr double kSecond = 1000, kMinute = 60'000, kHour = 3'600'000, kDay = 86'400'000;
constexpr std::array kTimes{
    Spelling{"ms", "ms", 1},        Spelling{"msec", "ms", 1},     Spelling{"millisecond", "ms", 1},
    Spelling{"s", "s", kSecond},    Spelling{"sec", "s", kSecond}, Spelling{"second", "s", kSecond},
    Spelling{"m", "m", kMinute},    Spelling{"min", "m", kMinute}, Spelling{"minute", "m", kMinute},
    Spelling{"h", "h", kHour},      Spelling{"hr", "h", kHour},    Spelling{"hour", "h", kHour},
    Spelling{"d", "d", kDay},       Spelling{"day", "d", kDay},    Spelling{"w", "", 7 * kDay},
    Spelling{"week", "", 7 * kDay},
};
constexpr double kKilo = 1000, kKibi = 1024;
constexpr std::array kSizes{
    Spelling{"b", "B", 1},
    Spelling{"byte", "B", 1},
    Spelling{"k", "KB", kKilo},
    Spelling{"k", "KiB", kKibi},
    Spelling{"kb", "KB", kKilo},
    Spelling{"kib", "KiB", kKibi},
    Spelling{"m", "MB", kKilo* kKilo},
    Spelling{"m", "MiB", kKibi* kKibi},
    Spelling{"mb", "MB", kKilo* kKilo},
    Spelling{"mib", "MiB", kKibi* kKibi},
    Spelling{"g", "GB", kKilo* kKilo* kKilo},
    Spelling{"g", "GiB", kKibi* kKibi* kKibi},
    Spelling{"gb", "GB", kKilo* kKilo* kKilo},
    Spelling{"gib", "GiB", kKibi* kKibi* kKibi},
};

// Removes a number, with a decimal point or comma, from the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789.,"), text.size());
  std::string digits(text.substr(0, end));
  std::ranges::replace(digits, ',', '.');
  double number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + end, number);
  if (error != std::errc{} || stop != digits.data() + end || number > kMost) return std::nullopt;
  text = trim(text.substr(end));
  return number;
}

// Removes a word from the front of `text`.  Returns it in lower case, without the s of its plural.
std::string take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("0123456789., "), text.size());
  std::string word = fold_case(text.substr(0, end));
  if (word.size() > 2 && word.ends_with('s')) word.pop_back();
  text = trim(text.substr(end));
  return word;
}

const Spelling* find(std::span<const Spelling> spellings, std::string_view word) {
  const auto found = std::ranges::find(spellings, word, &Spelling::word);
  return found == spellings.end() ? nullptr : &*found;
}

// "1h30m": the largest units first.
std::string spelled(std::int64_t ms) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits{
      {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
  std::string text;
  for (const auto& [unit, factor] : kUnits) {
    if (ms >= factor) text += fmt::format("{}{}", ms / factor, unit);
    ms %= factor;
  }
  return text.empty() ? "0s" : text;
}

// The number in this unit, or in the next smaller unit in which it is a whole number.
std::string spelled(double number, const Spelling& spelling) {
  const bool is_decimal = spelling.unit.size() == 2;  // KB, not KiB
  const double step = is_decimal ? kKilo : kKibi;
  std::string unit(spelling.unit);
  constexpr std::string_view kLetters = "KMG";
  while (number != std::floor(number) && kLetters.find(unit.front()) != kLetters.npos) {
    number *= step;
    const std::size_t letter = kLetters.find(unit.front());
    unit = letter == 0 ? "B" : kLetters[letter - 1] + unit.substr(1);
  }
  return fmt::format("{}{}", static_cast<std::int64_t>(number), unit);
}

template <class Value>
bool is_within(double number, Value minimum, Value maximum) {
  return number >= static_cast<double>(minimum) && number <= static_cast<double>(maximum);
}

}  // namespace

std::string meant_duration(std::string_view text, std::chrono::milliseconds minimum,
                           std::chrono::milliseconds maximum) {
  double sum = 0;
  int parts = 0;
  std::string single;
  for (std::string_view rest = trim(text); !rest.empty(); ++parts) {
    const auto number = take_number(rest);
    const std::string word = take_word(rest);
    const Spelling* unit = find(kTimes, word);
    if (!number || unit == nullptr) return {};
    sum += *number * unit->factor;
    const bool is_whole = *number == std::floor(*number) && !unit->unit.empty();
    if (is_whole) single = fmt::format("{}{}", static_cast<std::int64_t>(*number), unit->unit);
  }
  if (parts == 0 || sum != std::floor(sum)) return {};
  if (!is_within(sum, minimum.count(), maximum.count())) return {};
  return parts == 1 && !single.empty() ? single : spelled(static_cast<std::int64_t>(sum));
}

std::string meant_size(std::string_view text, Bytes minimum, Bytes maximum) {
  std::string_view rest = trim(text);
  const auto number = take_number(rest);
  const std::string word = take_word(rest);
  if (!number || !rest.empty()) return {};
  std::string meant;
  for (const Spelling& unit : kSizes) {
    const double size = *number * unit.factor;
    const bool fits = size == std::floor(size) && is_within(size, minimum.count, maximum.count);
    if (unit.word != word || !fits) continue;
    meant += (meant.empty() ? "" : " or ") + spelled(*number, unit);
  }
  return meant;
}

std::string meant_ratio(std::string_view text, double minimum, double maximum) {
  std::string_view rest = trim(text);
  const auto number = take_number(rest);
  if (!number || (!rest.empty() && rest != "%")) return {};
  constexpr double kLeastPercent = 2;
  const bool is_share = rest.empty() && *number <= maximum;  // "0,05"
  if (!is_share && rest.empty() && *number < kLeastPercent) return {};
  const double ratio = is_share ? *number : *number / 100;
  return is_within(ratio, minimum, maximum) ? fmt::format("{}", ratio) : std::string();
}

std::string with_unit(std::string_view digits, std::chrono::milliseconds minimum,
                      std::chrono::milliseconds maximum) {
  for (const std::string_view unit : {"s", "m", "ms", "h", "d"}) {
    const std::string text = fmt::format("{}{}", digits, unit);
    const auto value = parse_duration(text);
    if (value && *value >= minimum && *value <= maximum) return text;
  }
  return {};
}

std::string with_unit(std::string_view digits, Bytes minimum, Bytes maximum) {
  constexpr std::size_t kManyDigits = 5;  // the user probably meant bytes
  std::vector<std::string_view> units{"MiB", "KiB", "B", "GiB"};
  if (digits.size() >= kManyDigits) std::rotate(units.begin(), units.begin() + 2, units.end());
  for (const std::string_view unit : units) {
    const std::string text = fmt::format("{}{}", digits, unit);
    const auto value = parse_bytes(text);
    if (value && *value >= minimum && *value <= maximum) return text;
  }
  return {};
}

}  // namespace repopipe
