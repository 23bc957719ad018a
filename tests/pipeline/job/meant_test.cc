#include <gtest/gtest.h>

#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

std::string duration_of(std::string_view text) {
  return meant_duration(text, 1s, std::chrono::days(30));
}
std::string size_of(std::string_view text) {
  return meant_size(text, Bytes{1024}, Bytes{4ULL << 30});
}

TEST(Meant, DurationsInOtherSpellings) {
  const std::vector<std::pair<std::string, std::string>> spellings{
      {"90min", "90m"},        {"1.5h", "1h30m"}, {"1,5 h", "1h30m"},    {"2 Hours", "2h"},
      {"1 day", "1d"},         {"2w", "14d"},     {"30 seconds", "30s"}, {"1h 30min", "1h30m"},
      {"90SEC", "90s"},        {"0.5d", "12h"},   {"1.25s", "1s250ms"},  {"2500msec", "2500ms"},
      {"1 hour 5 sec", "1h5s"}};
  for (const auto& [text, meant] : spellings) {
    EXPECT_EQ(duration_of(text), meant) << text;
    EXPECT_TRUE(parse_duration(meant)) << meant;
  }
}

TEST(Meant, NothingThatAKeyDoesNotTake) {
  for (const char* text : {"", "soon", "h", "-5min", "0.5s", "31days", "5 parsecs", "1..5h", "1e9h",
                           "999999999999999999999h"}) {
    EXPECT_EQ(duration_of(text), "") << text;
  }
  for (const char* text : {"", "much", "5G", "0.5K", "-1M", "1.0001B", "1T", "64M64M"}) {
    EXPECT_EQ(size_of(text), "") << text;
  }
  for (const char* text : {"", "half", "101%", "-1", "1.5", "5 of 100", "1000"}) {
    EXPECT_EQ(meant_ratio(text, 0, 1), "") << text;
  }
}

TEST(Meant, SizesInOtherSpellings) {
  const std::vector<std::pair<std::string, std::string>> spellings{
      {"64M", "64MB or 64MiB"}, {"1G", "1GB or 1GiB"},         {"64mb", "64MB"},
      {"64 MIB", "64MiB"},      {"1.5G", "1500MB or 1536MiB"}, {"4G", "4GB or 4GiB"},
      {"2048 bytes", "2048B"},  {"0,5m", "500KB or 512KiB"}};
  for (const auto& [text, meant] : spellings) EXPECT_EQ(size_of(text), meant) << text;
  EXPECT_EQ(meant_size("4.2G", Bytes{1024}, Bytes{4'250'000'000}), "4200MB")
      << "4.2GiB is too much";
}

TEST(Meant, Ratios) {
  for (const auto& [text, meant] : std::vector<std::pair<std::string, std::string>>{
           {"5%", "0.05"}, {"0.5 %", "0.005"}, {"100%", "1"}, {"5", "0.05"}, {"0,05", "0.05"}}) {
    EXPECT_EQ(meant_ratio(text, 0, 1), meant) << text;
  }
  EXPECT_EQ(meant_ratio("60%", 0, 0.5), "");
}

TEST(Meant, AUnitForABareNumberIsWithinTheLimits) {
  EXPECT_EQ(with_unit("30", 1s, 1h), "30s");
  EXPECT_EQ(with_unit("5000", 100ms, 1h), "5000ms");
  EXPECT_EQ(with_unit("2", 1min, 24h), "2m");
  EXPECT_EQ(with_unit("100000000", 1s, 1h), "");
  EXPECT_EQ(with_unit("64", Bytes{1024}, Bytes{4ULL << 30}), "64MiB");
  EXPECT_EQ(with_unit("1000000", Bytes{1024}, Bytes{4ULL << 30}), "1000000B");
  EXPECT_EQ(with_unit("1", Bytes{1ULL << 30}, Bytes{4ULL << 30}), "1GiB");
  EXPECT_EQ(with_unit("99999999999999999999", Bytes{1}, Bytes{4ULL << 30}), "");
}

}  // namespace
}  // namespace repopipe
