#include "pipeline/report/monitor.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "pipeline/base/system.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstFrame = 500ms;
constexpr auto kBetweenFrames = 200ms;
constexpr auto kBetweenLooks = 1000ms;  // without the display
// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: EL, ED, DECAWM.
constexpr std::string_view kClearRest = "\x1b[K", kClearBelow = "\x1b[J";
constexpr std::string_view kCutLines = "\x1b[?7l", kWrapLines = "\x1b[?7h";
constexpr Duration kWindow = 30s;  // of the rate

}  // namespace

std::size_t terminal_columns() {
  winsize size{};
  const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : 80;
}

Monitor::Monitor(const CountingStore& store, MonitorOptions options, const Clock& clock)
    : store_(store),
      options_(std::move(options)),
      clock_(clock),
      start_(clock.now()),
      next_minute_(start_ + 1min) {
  auto thread = Thread::start(
      "display", [this] { watch(); }, [](const Failure&) {});
  if (!thread) return;
  thread_ = std::move(*thread);
  if (options_.draws)
    take_over_stderr([this](const std::string& text, Last last) { print(text, last); });
}

Monitor::~Monitor() {
  if (options_.draws) take_over_stderr({});
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Monitor::attach(std::function<void()> ask) {
  const Lock lock(ask_mutex_);
  ask_ = std::move(ask);
}

void Monitor::detach() {
  const Lock lock(ask_mutex_);
  ask_ = nullptr;
}

void Monitor::tell(RunProgress progress) {
  const Lock lock(mutex_);
  last_ = std::move(progress);
}

void Monitor::say_progress() {
  std::string line;
  {
    const Lock lock(mutex_);
    line = fmt::format("repopipe: {}\n", progress_text(progress()));
  }
  say(line);
}

void Monitor::watch() {
  auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(kFirstFrame);
  while (true) {
    {
      Lock lock(mutex_);
      if (wake_.wait_for(lock, pause, [this]() REQUIRES(mutex_) { return stopping_; })) break;
    }
    {
      const Lock lock(ask_mutex_);
      if (ask_) ask_();
    }
    look();
    pause = options_.draws ? kBetweenFrames : kBetweenLooks;
  }
  const Lock lock(mutex_);
  const std::string text = erasing();
  if (!text.empty()) write_stderr(text);
}

void Monitor::look() {
  std::optional<Progress> told;
  bool has_continued = false;
  {
    const Lock lock(mutex_);
    measure();
    if (options_.draws) draw();
    const bool is_waiting = last_.waiting.has_value();
    has_continued = std::exchange(was_waiting_, is_waiting) && !is_waiting;
    if (clock_.now() >= next_minute_) {
      next_minute_ = clock_.now() + 1min;
      told = progress();
    }
  }
  if (has_continued) options_.continued();
  if (told) options_.minute(*told);
}

void Monitor::measure() {
  const Time now = clock_.now();
  samples_.push_back({now, last_.requests});
  while (samples_.size() > 2 && samples_.front().at < now - kWindow) samples_.pop_front();
}

Progress Monitor::progress() {
  Progress shown{.job = options_.job, .totals = store_.totals(), .run = last_};
  const auto named = static_cast<std::int64_t>(options_.total) + store_.brought();
  shown.users_before = options_.users_before;
  shown.total =
      std::max(shown.totals.users(), static_cast<std::uint64_t>(std::max<std::int64_t>(named, 0)));
  shown.concurrency = options_.concurrency;
  shown.workers = options_.workers();
  shown.elapsed = clock_.now() - start_;
  shown.now = clock_.wall();
  shown.deadline = options_.deadline;
  if (samples_.size() >= 2) {
    const Sample &first = samples_.front(), &last = samples_.back();
    const double time = seconds(last.at - first.at);
    if (time > 0) shown.rate = static_cast<double>(last.requests - first.requests) / time;
  }
  return shown;
}

// Only if something has changed.
void Monitor::draw() {
  std::vector<std::string> frame = frame_of(progress(), {.columns = terminal_columns(),
                                                         .is_utf8 = options_.is_utf8,
                                                         .has_colour = options_.has_colour});
  if (frame == frame_) return;
  frame_ = std::move(frame);
  write_stderr(drawing());
}

void Monitor::print(const std::string& text, Last last) {
  const Lock lock(mutex_);
  if (frame_.empty()) return write_stderr(text);
  std::string lines = text;
  if (!lines.ends_with('\n')) lines += '\n';
  for (std::size_t at = lines.find('\n'); at != lines.npos; at = lines.find('\n', at)) {
    lines.insert(at, kClearRest);
    at += kClearRest.size() + 1;
  }
  if (last == Last::yes) {
    write_stderr(lines + std::string(kClearBelow));
  } else {
    write_stderr(lines + drawing());
  }
}

// Draws from the cursor on, and moves it back to the first line: there it stays when the terminal
// is resized.  Lines are cut at the edge instead of wrapped, in case it became narrower just now.
// The screen is not cleared from its first line on: terminals keep what is cleared so in their
// scrollback.
std::string Monitor::drawing() {
  std::string text(kCutLines);
  for (std::size_t i = 0; i < frame_.size(); ++i) {
    text += fmt::format("{}{}{}", i == 0 ? "" : "\n", frame_[i], kClearRest);
  }
  text += fmt::format("{}{}\r", kClearBelow, kWrapLines);
  if (frame_.size() > 1) text += fmt::format("\x1b[{}A", frame_.size() - 1);
  return text;
}

std::string Monitor::erasing() {
  if (frame_.empty()) return {};
  std::string text;
  for (std::size_t row = 0; row < frame_.size(); ++row) {
    text += fmt::format("{}{}", row == 0 ? "" : "\n", kClearRest);
  }
  text += '\r';
  if (frame_.size() > 1) text += fmt::format("{}\x1b[{}A", kClearBelow, frame_.size() - 1);
  frame_.clear();
  return text;
}

}  // namespace repopipe
