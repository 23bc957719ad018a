#include "stages/parse/http_date.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_seconds;

TEST(HttpDate, IsReadInTheFormThatIsStillMade) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), sys_seconds(784111777s));
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), sys_seconds(0s));
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT"), sys_seconds(1709251199s));
}

TEST(HttpDate, IsNothingElse) {
  for (const std::string_view text :
       {"", "now", "60", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 06 Nov 1994 08:49:37 CET", "06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "1994-11-06 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_http_date(std::string("Sun, 06 Nov 1994 08:49:37 GMT\0x", 31)), std::nullopt);
}

TEST(Timestamp, KnowsItsZone) {
  for (const std::string_view text :
       {"1994-11-06 08:49:37 UTC", "1994-11-06 08:49:37", "1994-11-06 08:49:37 GMT",
        "1994-11-06 08:49:37Z", "1994-11-06 10:49:37 +0200", "1994-11-06 10:49:37 +02:00",
        "1994-11-06 03:19:37 -0530"}) {
    EXPECT_EQ(parse_timestamp(text), sys_seconds(784111777s)) << text;
  }
  for (const std::string_view text :
       {"", "1994-11-06", "1994-11-06 08:49:37 CET", "1994-11-06 08:49:37 +2",
        "1994-11-06 08:49:37 +", "1994-11-06 08:49:37 +-100", "never"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(Utc, IsMadeOfEveryOffset) {
  EXPECT_EQ(to_utc("2022-04-06T02:32:09+08:00"), "2022-04-05T18:32:09Z");
  EXPECT_EQ(to_utc("2024-12-31T23:30:00-01:00"), "2025-01-01T00:30:00Z");
  EXPECT_EQ(to_utc("2024-02-29T00:15:00.123456789+05:30"), "2024-02-28T18:45:00Z");
  EXPECT_EQ(to_utc("2022-03-08T10:00:00Z"), "2022-03-08T10:00:00Z");
  EXPECT_EQ(to_utc("2022-03-08T10:00:00z"), "2022-03-08T10:00:00Z");
  EXPECT_EQ(to_utc("1969-12-31T23:59:59Z"), "1969-12-31T23:59:59Z");
}

TEST(Utc, IsEmptyForATimeThatWasNeverSet) {
  for (const std::string_view text : {"1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00Z",
                                      "1969-12-31T19:00:00-05:00", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(to_utc(text), "") << text;
  }
}

TEST(Utc, IsMadeOfTimesOnly) {
  for (const std::string_view text :
       {"", "2022-04-06", "2022-04-06T02:32:09", "2022-13-06T02:32:09Z", "2022-02-30T02:32:09Z",
        "2022-04-06T24:32:09Z", "2022-04-06T02:32:09+8", "2022-04-06T02:32:09 UTC", "yesterday",
        "-022-04-06T02:32:09Z", "2022-04-06T02:32:09Zulu", "2022-04-06T02:32:09."}) {
    EXPECT_EQ(to_utc(text), std::nullopt) << text;
  }
}

TEST(Seconds, AreWholeNeverNegativeAndNeverEndless) {
  EXPECT_EQ(parse_seconds("0"), 0s);
  EXPECT_EQ(parse_seconds("0060"), 60s);
  EXPECT_EQ(parse_seconds("100000000001"), 100'000'000'000s);
  EXPECT_EQ(parse_seconds("1000000000000000000000000000000"), 100'000'000'000s);
  for (const std::string_view text :
       {"", "-1", "-1000000000000000000000000000000", "+1", "1.5", "1 ", " 1", "1s", "1e3", "x"}) {
    EXPECT_EQ(parse_seconds(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace repopipe
