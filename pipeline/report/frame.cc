#include "pipeline/report/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pipeline/base/text.h"
#include "pipeline/report/figures.h"

namespace repopipe {
namespace {

constexpr std::size_t kWidest = 100;     // wider lines are hard to read
constexpr std::size_t kTwoColumns = 72;  // from this width on
constexpr std::size_t kFull = 60;
constexpr std::size_t kRight = 20;  // of the right column
constexpr std::size_t kLongestName = 30;
constexpr std::string_view kRed = "\x1b[31m", kYellow = "\x1b[33m", kPlain = "\x1b[0m";

struct CharacterRange {
  char32_t first, last;
};

// Characters that take two columns (Unicode UAX #11, "W" and "F"), by block.
constexpr std::array kWide{
    CharacterRange{0x1100, 0x115F},   CharacterRange{0x2E80, 0xA4CF},
    CharacterRange{0xAC00, 0xD7A3},   CharacterRange{0xF900, 0xFAFF},
    CharacterRange{0xFE30, 0xFE6F},   CharacterRange{0xFF00, 0xFF60},
    CharacterRange{0xFFE0, 0xFFE6},   CharacterRange{0x1F300, 0x1FAFF},
    CharacterRange{0x20000, 0x3FFFD},
};

std::size_t columns_of_character(std::string_view text) {
  const char32_t character = first_character(text);
  const bool is_wide = std::ranges::any_of(kWide, [character](const CharacterRange& range) {
    return character >= range.first && character <= range.last;
  });
  return is_wide ? 2 : 1;
}

std::string brief(Duration duration) {
  return show_rounded(std::chrono::duration_cast<std::chrono::microseconds>(duration));
}

// At most `columns` of `text`, the last one an ellipsis if it is cut.
std::string cut(std::string_view text, std::size_t columns, bool is_utf8) {
  if (columns_of(text) <= columns) return std::string(text);
  const std::string_view end = is_utf8 ? "…" : "~";
  std::string kept;
  std::size_t used = 1;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(character_length(text), 1);
    const std::size_t width = character_length(text) == 0 ? 1 : columns_of_character(text);
    if (used + width > columns) break;
    used += width;
    kept += text.substr(0, length);
    text.remove_prefix(length);
  }
  return columns == 0 ? std::string() : kept + std::string(end);
}

// `share` of `cells` cells.
std::string bar_of(double share, std::size_t cells, bool is_utf8) {
  std::string bar;
  if (!is_utf8) {
    const auto full = static_cast<std::size_t>(std::lround(share * static_cast<double>(cells)));
    return '[' + std::string(full, '#') + std::string(cells - full, '.') + ']';
  }
  constexpr std::array<std::string_view, 8> kParts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(share * static_cast<double>(cells) * 8);
  const std::size_t full = eighths / 8, part = eighths % 8;
  for (std::size_t i = 0; i < full; ++i) bar += "█";
  bar += kParts[part];
  for (std::size_t i = full + (part == 0 ? 0 : 1); i < cells; ++i) bar += "░";
  return bar;
}

double share_done(const Progress& progress) {
  if (progress.total == 0) return 0;
  return std::min(
      1.0, static_cast<double>(progress.totals.users()) / static_cast<double>(progress.total));
}

std::string percent_of(const Progress& progress) {
  return fmt::format("{:>3} %", static_cast<int>(share_done(progress) * 100));
}

std::string first_line_of(const Progress& progress, std::size_t width, const Terminal& terminal) {
  const std::string name = cut(progress.job, kLongestName, terminal.is_utf8) + "  ";
  const std::string tail = fmt::format("  {}  {} of {} users", percent_of(progress),
                                       show(progress.totals.users()), show(progress.total));
  const std::size_t used = columns_of(name) + columns_of(tail) + (terminal.is_utf8 ? 0 : 2);
  if (used + 5 > width) return cut(name + tail.substr(2), width, terminal.is_utf8);
  return name + bar_of(share_done(progress), width - used, terminal.is_utf8) + tail;
}

std::string users_of(const RunTotals& totals, const Terminal& terminal) {
  if (totals.failed == 0 || !terminal.has_colour) return show_outcomes(totals);
  RunTotals others = totals;
  others.failed = 0;
  return fmt::format("{}{}{} failed{}", others.users() == 0 ? "" : show_outcomes(others) + ", ",
                     kRed, show(totals.failed), kPlain);
}

std::string speed_of(const Progress& progress) {
  const std::size_t busy = std::min(progress.run.in_flight, progress.concurrency);
  std::string text = fmt::format("{:.1f} requests/s, {} of {} in flight", progress.rate, busy,
                                 progress.concurrency);
  if (progress.run.retries > 0) text += fmt::format(", {} retries", show(progress.run.retries));
  return text;
}

std::string quota_line_of(const Progress& progress) {
  const QuotaSum sum = quota_of(progress.run);
  if (sum.tokens == 0) return "the API has told none";
  std::string text = fmt::format("{} of {} left", show(sum.left), show(sum.limit));
  if (sum.tokens > 1) text = fmt::format("{} tokens: {}", sum.tokens, text);
  if (sum.resets_at) {
    text += fmt::format(", {}resets {}", sum.tokens > 1 ? "first " : "",
                        show_time_of_day(wall_of(*sum.resets_at)));
  }
  return text;
}

std::string left_of(const Progress& progress) {
  const auto left = time_left(progress);
  std::string text = "not known yet";
  if (left) {
    const auto done = progress.now + std::chrono::duration_cast<std::chrono::milliseconds>(*left);
    text = fmt::format("about {}: done {}", brief(*left), show_time_of_day(done));
  }
  if (!progress.deadline) return text;
  return fmt::format("{}, deadline {}", text, show_time_of_day(*progress.deadline));
}

std::string shown_wait(const RunProgress::Waiting& waiting) {
  return waiting.cause == WaitCause::retry ? "before a retry" : waiting.words;
}

// The words are cut, not the time.
std::string waiting_of(const Progress& progress, std::size_t width, const Terminal& terminal) {
  const RunProgress::Waiting& waiting = *progress.run.waiting;
  std::string time;
  if (waiting.continues_at && *waiting.continues_at > progress.now) {
    time = fmt::format("; continues {}, in {}", show_time_of_day(*waiting.continues_at),
                       show_rounded(*waiting.continues_at - progress.now));
  }
  const std::size_t room = width - std::min(width, time.size());
  return cut(shown_line(shown_wait(waiting), 200), room, terminal.is_utf8) + time;
}

// The label, the left text, and the right label with its value, if there is room for it.
std::string line_of(std::string_view label, std::string_view left, std::string_view right,
                    std::string_view value, std::size_t width, const Terminal& terminal) {
  std::string line = fmt::format("  {:<9}{}", label, left);
  const std::size_t used = columns_of(line);
  if (used > width) return fmt::format("  {:<9}{}", label, cut(left, width - 11, terminal.is_utf8));
  const bool fits = used + 2 + kRight <= width && width + 1 >= kTwoColumns && !right.empty();
  if (!fits) return line;
  return fmt::format("{}{:{}}{}{:>{}}", line, "", width - kRight - used, right, value,
                     kRight - right.size());
}

std::string workers_of(const WorkerCounts& workers) {
  std::string text = workers.wanted == 0
                         ? counted(workers.ready, "worker", "workers") + " on the queue"
                         : fmt::format("{} of {} ready", workers.ready, workers.wanted);
  if (workers.lost > 0) text += fmt::format(", {} replaced", show(workers.lost));
  return text;
}

std::vector<std::string> full_frame(const Progress& progress, const Terminal& terminal) {
  const std::size_t width = std::min(terminal.columns - 1, kWidest);
  const auto line = [&](std::string_view label, std::string_view left, std::string_view right,
                        std::string_view value) {
    return line_of(label, left, right, value, width, terminal);
  };
  const std::string elapsed = brief(progress.elapsed);
  std::vector<std::string> lines{
      first_line_of(progress, width, terminal),
      line("users", users_of(progress.totals, terminal), "repos", show(progress.totals.repos_seen)),
      line("speed", speed_of(progress), "received", show(Bytes{progress.run.bytes})),
      line("quota", quota_line_of(progress), "free",
           show_share(progress.run.not_modified, progress.run.requests))};
  if (progress.workers) lines.push_back(line("workers", workers_of(*progress.workers), "", ""));
  if (!progress.run.waiting) {
    lines.push_back(line("left", left_of(progress), "elapsed", elapsed));
    return lines;
  }
  const std::string waiting = waiting_of(progress, width - 11, terminal);
  const bool is_coloured = terminal.has_colour;
  lines.push_back(fmt::format("{}  {:<9}{}{}", is_coloured ? kYellow : "", "waiting", waiting,
                              is_coloured ? kPlain : ""));
  return lines;
}

std::vector<std::string> short_frame(const Progress& progress, const Terminal& terminal) {
  const std::size_t width = terminal.columns - 1;
  std::string counts =
      fmt::format("  {} failed, {:.0f} req/s", show(progress.totals.failed), progress.rate);
  if (const auto left = time_left(progress)) {
    counts += ", " + brief(*left);
  }
  std::vector<std::string> lines{fmt::format("{}  {}  {}/{}", progress.job, percent_of(progress),
                                             show(progress.totals.users()), show(progress.total)),
                                 counts};
  if (progress.run.waiting) {
    lines.push_back(fmt::format("  waits: {}", waiting_of(progress, width - 9, terminal)));
  }
  for (std::string& line : lines) line = cut(line, width, terminal.is_utf8);
  return lines;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    if (text[0] == '\x1b') {  // a colour
      text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
      continue;
    }
    const std::size_t length = character_length(text);
    columns += length == 0 ? 1 : columns_of_character(text);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return columns;
}

std::vector<std::string> frame_of(const Progress& progress, const Terminal& terminal) {
  Terminal shown = terminal;
  shown.columns = std::max<std::size_t>(terminal.columns, 20);
  return shown.columns < kFull ? short_frame(progress, shown) : full_frame(progress, shown);
}

std::string progress_text(const Progress& progress) {
  std::string text = fmt::format("{} of {} users, {} failed", show(progress.totals.users()),
                                 show(progress.total), show(progress.totals.failed));
  if (!progress.run.waiting) {
    text += fmt::format(", {:.1f} requests/s", progress.rate);
    if (const auto left = time_left(progress)) text += fmt::format(", about {} left", brief(*left));
    return text;
  }
  text += ", waiting: " + shown_line(shown_wait(*progress.run.waiting));
  const auto until = progress.run.waiting->continues_at;
  if (!until || *until <= progress.now) return text;
  const std::string moment = to_iso8601(*until);
  return fmt::format("{}; continues at {}Z, in {}", text, moment.substr(0, moment.find('.')),
                     show_rounded(*until - progress.now));
}

}  // namespace repopipe
