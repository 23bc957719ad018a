#include "tests/simulator/options.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
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
  const std::vector<std::vector<std::string>> wrong = {
      {"--latency", "200"},
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
      {"--quota-window", "0s"},
      {"--max-per-minute", "-1"},
      {"--max-response-seconds", "-1"},
      {"--owner", "token"},
      {"--owner", "=login"},
      {"--expire-token", "token=soon"},
      {"--fault", "teapot=1"},
      {"--fault", "500=101"},
      {"--fault", "500=nan"},
      {"--faults", "60", "--fault", "500=60"},
      {"--fault-streak", "0"},
      {"--doomed", "60", "--odd", "60"},
      {"--renamed-users", "99", "--gone-users", "2"},
      {"--gone-users", "2", "--recorded", "x"},
      {"--list-renamed"},
      {"--bad-token", "one", "extra"},
      {"extra"}};
  for (const auto& words : wrong) EXPECT_THROW(parse(words), BadUsage) << words.back();
}

TEST(Options, SetLimits) {
  const Options options =
      *parse({"--quota", "100", "--quota-window", "1m", "--max-concurrent", "3", "--max-per-minute",
              "900", "--max-response-seconds", "1.5", "--ban-after", "5", "--minute", "200ms",
              "--grace", "0ms", "--report", "report.json"});
  EXPECT_EQ(options.answers.quota.limit, 100u);
  EXPECT_EQ(options.answers.quota.window, std::chrono::minutes(1));
  EXPECT_EQ(options.limits.max_concurrent, 3u);
  EXPECT_EQ(options.limits.max_per_minute, 900u);
  EXPECT_EQ(options.limits.max_response_seconds, 1.5);
  EXPECT_EQ(options.limits.ban_after, 5u);
  EXPECT_EQ(options.limits.minute, microseconds(200'000));
  EXPECT_EQ(options.limits.grace, microseconds(0));
  EXPECT_EQ(options.report, "report.json");
}

TEST(Options, KnowTokens) {
  const TokenSettings tokens =
      parse({"--bad-token", "b1", "--bad-token", "b2", "--owner", "t=octocat", "--owner", "u=x",
             "--expire-token", "t=7", "--token-expiration", "t=2026-12-01 10:00:00 UTC"})
          ->answers.tokens;
  EXPECT_EQ(tokens.bad.size(), 2u);
  EXPECT_EQ(tokens.owners.at("t"), "octocat");
  EXPECT_EQ(tokens.owners.at("u"), "x");
  EXPECT_EQ(tokens.lifetimes.at("t"), 7u);
  EXPECT_EQ(tokens.expirations.at("t"), "2026-12-01 10:00:00 UTC");
}

TEST(Options, SetTrouble) {
  const Options options =
      *parse({"--seed",         "9",         "--faults",        "10", "--fault",      "trickle=2.5",
              "--fault",        "500=1",     "--fault-streak",  "3",  "--trickle",    "10ms",
              "--spurious-401", "4",         "--doomed",        "5",  "--odd",        "6",
              "--day",          "2",         "--renamed-users", "7",  "--gone-users", "8",
              "--redirect-to",  "http://x/", "--list-renamed"});
  EXPECT_EQ(options.faults.any_percent, 10);
  EXPECT_EQ(options.faults.percent[0], 1);
  EXPECT_EQ(options.faults.of_requests(), 13.5);
  EXPECT_EQ(options.faults.streak, 3);
  EXPECT_EQ(options.faults.unauthorized_percent, 4);
  EXPECT_EQ(options.server.trickle, microseconds(10'000));
  EXPECT_EQ(options.answers.seed, 9u);
  EXPECT_EQ(options.answers.fates.doomed_percent, 5);
  EXPECT_EQ(options.answers.fates.odd_percent, 6);
  EXPECT_EQ(options.names.renamed_percent, 7);
  EXPECT_EQ(options.names.gone_percent, 8);
  EXPECT_EQ(options.answers.redirect_to, "http://x");
  EXPECT_EQ(options.action, Action::print_renamed);
}

TEST(Options, PrintHelpInsteadOfServing) {
  testing::internal::CaptureStdout();
  EXPECT_FALSE(parse({"--help"}));
  EXPECT_NE(testing::internal::GetCapturedStdout().find("--recorded"), std::string::npos);
}

TEST(Options, AreAllInTheReadme) {
  std::ifstream stream(REPOPIPE_SOURCE_DIR "/tests/simulator/README.md");
  const std::string readme{std::istreambuf_iterator<char>(stream), {}};
  testing::internal::CaptureStdout();
  parse({"--help"});
  std::istringstream help(testing::internal::GetCapturedStdout());
  int options = 0;
  for (std::string line; std::getline(help, line);) {
    const std::size_t begin = line.find("--");
    if (!line.starts_with("  -") || line.find("--help") != std::string::npos) continue;
    const std::string name = line.substr(begin, line.find(' ', begin) - begin);
    EXPECT_TRUE(readme.find("`" + name + "`") != std::string::npos ||
                readme.find("`" + name + " ") != std::string::npos)
        << name;
    ++options;
  }
  EXPECT_GT(options, 40);
}

}  // namespace
}  // namespace repopipe::simulator
