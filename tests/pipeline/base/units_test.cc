#include "pipeline/base/units.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

using std::chrono::milliseconds;

TEST(ParseBytes, TakesANumberAndAUnit) {
  EXPECT_EQ(parse_bytes("64MiB"), Bytes{64ULL << 20});
  EXPECT_EQ(parse_bytes("1KB"), Bytes{1000});
  EXPECT_EQ(parse_bytes("0B"), Bytes{0});
  EXPECT_EQ(parse_bytes("4GiB"), Bytes{4ULL << 30});
}

TEST(ParseBytes, RefusesEverythingElse) {
  for (const char* text : {"", "64", "MiB", "-1MiB", "1.5MiB", "64 MiB", "64mib", "64MiBs",
                           "99999999999999999999B", "18446744073709551615GiB"}) {
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, TakesNumbersWithUnits) {
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("1h30m"), milliseconds(5'400'000));
  EXPECT_EQ(parse_duration("2d"), milliseconds(172'800'000));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text : {"", "30", "s", "-1s", "1.5h", "30 s", "30sec", "1h30", "1e3s",
                           "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Show, IsShort) {
  EXPECT_EQ(show(Bytes{999}), "999 B");
  EXPECT_EQ(show(Bytes{34'100'000}), "34.1 MB");
  EXPECT_EQ(show(Bytes{2'500'000'000}), "2.5 GB");
  EXPECT_EQ(show(milliseconds(850)), "850 ms");
  EXPECT_EQ(show(milliseconds(12'340)), "12.3 s");
  EXPECT_EQ(show(milliseconds(250'000)), "4 min 10 s");
  EXPECT_EQ(show(milliseconds(7'500'000)), "2 h 5 min");
}

TEST(Show, GroupsDigits) {
  EXPECT_EQ(show(std::uint64_t{0}), "0");
  EXPECT_EQ(show(std::uint64_t{999}), "999");
  EXPECT_EQ(show(std::uint64_t{1234567}), "1,234,567");
}

TEST(ToIso8601, IsUtcWithMilliseconds) {
  EXPECT_EQ(to_iso8601(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(WallTime(milliseconds(1570482632007))), "2019-10-07T21:10:32.007Z");
}

TEST(ToIso8601, RoundsDownBeforeTheEpoch) {
  EXPECT_EQ(to_iso8601(WallTime(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(SystemClock, GoesOn) {
  const SystemClock clock;
  const Time before = clock.now();
  EXPECT_LE(before, clock.now());
  EXPECT_GT(clock.wall(), WallTime{});
}

}  // namespace
}  // namespace repopipe
