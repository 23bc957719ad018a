#include "tests/simulator/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/simulator/errors.h"

namespace repopipe::simulator {
namespace {

using std::chrono::microseconds;

std::optional<Options> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "repopipe-simulator");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

TEST(Options, HaveDefaults) {
  const Options options = *parse({});
  EXPECT_EQ(options.action, Action::serve);
  EXPECT_EQ(options.server.port, 0);
  EXPECT_EQ(options.server.address, "127.0.0.1");
  EXPECT_EQ(options.server.latency, microseconds(0));
  EXPECT_EQ(options.world.accounts, 2000u);
  EXPECT_EQ(options.world.day, 0);
  EXPECT_EQ(options.answers.cache_bytes, 256u << 20);
  EXPECT_FALSE(options.recorded);
}

TEST(Options, CarryUnits) {
  EXPECT_EQ(parse({"--latency", "200ms"})->server.latency, microseconds(200'000));
  EXPECT_EQ(parse({"--latency", "2s"})->server.latency, microseconds(2'000'000));
  EXPECT_EQ(parse({"--cache", "1GiB"})->answers.cache_bytes, 1u << 30);
  EXPECT_EQ(parse({"--cache", "10MB"})->answers.cache_bytes, 10'000'000u);
  EXPECT_EQ(parse({"--base-url", "https://a.test/"})->answers.base_url, "https://a.test");
}

TEST(Options, AreRefusedWhenTheyMakeNoSense) {
  const std::vector<std::vector<std::string>> wrong = {{"--latency", "200"},
                                                       {"--latency", "-1ms"},
                                                       {"--latency", "soon"},
                                                       {"--port", "70000"},
                                                       {"--accounts", "0"},
                                                       {"--accounts", "99999999"},
                                                       {"--day", "-1"},
                                                       {"--cache", "much"},
                                                       {"--fault-5xx", "101"},
                                                       {"--fault-reset", "-1"},
                                                       {"--no-such-flag"},
                                                       {"--fault-5xx", "60", "--fault-reset", "60"},
                                                       {"extra"}};
  for (const auto& words : wrong) EXPECT_THROW(parse(words), BadUsage) << words.back();
}

TEST(Options, PrintHelpInsteadOfServing) {
  testing::internal::CaptureStdout();
  EXPECT_FALSE(parse({"--help"}));
  EXPECT_NE(testing::internal::GetCapturedStdout().find("--recorded"), std::string::npos);
}

}  // namespace
}  // namespace repopipe::simulator
