// Every member of each message can have its lowest and highest value.  New members are covered when
// they are listed in messages.h.
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>

#include "pipeline/workers/wire/codec.h"
#include "pipeline/workers/wire/messages.h"
#include "tests/pipeline/workers/wire/made_up_messages.h"

namespace repopipe {
namespace {

// Durations beyond it arrive as this long.
constexpr std::chrono::hours kLongest{24 * 365 * 1000};

enum class End { low, high };

// Sets each member to an end of its range; durations to that of the wire if they are `as_read`.
class Extremes {
 public:
  Extremes(End end, bool as_read) : is_high_(end == End::high), as_read_(as_read) {}

  template <class... Members>
  void list(Members&... members) {
    (value(members), ...);
  }
  template <std::integral T>
  void value(T& number) {
    number = is_high_ ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
  }
  template <class T>
  requires std::is_enum_v<T>
  void value(T& word) { word = is_high_ ? last_of(T{}) : T{}; }
  void value(std::string& text) {
    text = is_high_ ? std::string(70'000, '\xff') + std::string("\0\n\"", 3) : std::string();
  }
  void value(std::filesystem::path& path) { path = is_high_ ? "/\xff/\n" : ""; }
  template <class Rep, class Period>
  void value(std::chrono::duration<Rep, Period>& duration) {
    using Kind = std::chrono::duration<Rep, Period>;
    duration = is_high_ ? Kind::max() : Kind::min();
    if (as_read_) duration = std::chrono::duration_cast<Kind>(is_high_ ? kLongest : -kLongest);
  }
  template <class Clock, class Kind>
  void value(std::chrono::time_point<Clock, Kind>& time) {
    Kind since{};
    value(since);
    time = std::chrono::time_point<Clock, Kind>(since);
  }
  template <class T>
  void value(std::optional<T>& maybe) {
    if (is_high_ || as_value_) value(maybe.emplace());
  }
  template <class T>
  void value(std::vector<T>& all) {
    all.clear();
    if (is_high_ || as_value_) value(all.emplace_back());
  }
  // Keeps the alternative of the variant.
  template <class... Kinds>
  void value(std::variant<Kinds...>& any) {
    std::visit([this](auto& it) { this->value(it); }, any);
  }
  template <class T>
  void value(Result<T>& result) {
    if (result) return value(*result);
    value(result.error());
  }
  void value(RecordBatch&) {}  // cells have tests of their own
  template <class T>
  requires requires(Extremes& extremes, T& it) { walk(extremes, it); }
  void value(T& it) { walk(*this, it); }

  // The lowest value of what may also be missing.
  Extremes& of_what_is_there() {
    as_value_ = true;
    return *this;
  }

 private:
  bool is_high_;
  bool as_read_;
  bool as_value_ = false;
};

// The message, and how it has to arrive.
template <class PackedMessage>
std::vector<std::pair<PackedMessage, PackedMessage>> extremes_of(const PackedMessage& message) {
  std::vector<std::pair<PackedMessage, PackedMessage>> pairs;
  for (const End end : {End::low, End::high}) {
    pairs.emplace_back(message, message);
    Extremes(end, false).of_what_is_there().value(pairs.back().first);
    Extremes(end, true).of_what_is_there().value(pairs.back().second);
  }
  pairs.emplace_back(message, message);
  Extremes(End::low, false).value(pairs.back().first);
  Extremes(End::low, true).value(pairs.back().second);
  return pairs;
}

TEST(WireExtremes, BringsEveryCommandAcross) {
  for (const WorkerCommand& order :
       {WorkerCommand(Configure{}), WorkerCommand(Task{}), WorkerCommand(WithdrawWaiting{})}) {
    for (const auto& [sent, expected] : extremes_of(order)) {
      const auto decoded = decode_command(encode(sent));
      ASSERT_TRUE(decoded) << order.index();
      EXPECT_TRUE(*decoded == expected) << order.index();
    }
  }
}

TEST(WireExtremes, BringsEveryEventAcross) {
  const WorkerEvent reports[] = {Ready{}, testing::settled(PageRead{}),
                                 testing::settled(Redirect{}), testing::settled(Account{}),
                                 testing::settled(fail(FailureKind::connect, ""))};
  for (const WorkerEvent& report : reports) {
    for (auto& [sent, expected] : extremes_of(report)) {
      for (WorkerEvent* event : {&sent, &expected}) {
        if (auto* result = std::get_if<TaskResult>(event)) result->task.resource = kRepositoriesId;
      }
      const auto decoded = decode_event(encode(sent), testing::wire_resources());
      ASSERT_TRUE(decoded);
      EXPECT_TRUE(*decoded == expected);
    }
  }
}

TEST(WireExtremes, BringsEveryAnnouncementAcross) {
  for (const auto& [sent, expected] : extremes_of(RunInfo{})) {
    const auto decoded = decode_run_info(encode(sent));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(*decoded == expected);
  }
}

}  // namespace
}  // namespace repopipe
