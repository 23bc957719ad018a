// Invalid and shared tokens, and that no token is revealed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kGood = "ghp_goodgoodgoodgoodgood1111";
constexpr const char* kBad = "ghp_badbadbadbadbadbadbad2222";

Program with_both(const Nightly& nightly, std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.end(), {"--set", "provider.tokens=['env:GOOD', 'env:BAD']"});
  Program program = nightly.program(std::move(arguments));
  program.environment = {{"GOOD", kGood}, {"BAD", kBad}};
  return program;
}

// The output of the program, and all bytes of its files.
std::string traces(const Nightly& nightly, const Ended& ended) {
  std::string all = ended.out + ended.err;
  for (const auto& file : std::filesystem::recursive_directory_iterator(nightly.folder().path())) {
    all += file.path().string();
    if (file.is_regular_file()) all += read_file(file.path());
  }
  return all;
}

TEST(Tokens, ABadOneIsNamedAndItsUsersGoToTheOthers) {
  Simulator github(small_world() + std::vector<std::string>{"--bad-token", kBad});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = run(with_both(nightly));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("warning: token env:BAD (...2222) is not valid"));
  EXPECT_EQ(value(nightly.database(), "SELECT users_ok FROM latest_run"), "120");
  EXPECT_THAT(traces(nightly, ended), Not(HasSubstr(std::string(kBad).substr(0, 20))));
  EXPECT_THAT(traces(nightly, ended), Not(HasSubstr(std::string(kGood).substr(0, 20))));
  EXPECT_EQ(github.report().at("impolite"), 0);
}

TEST(Tokens, OneThatEndsInTheMiddleOfTheRunIsBenchedThen) {
  const Simulator github(small_world() +
                         std::vector<std::string>{"--expire-token", std::string(kBad) + "=20"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = run(with_both(nightly));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("token env:BAD (...2222) is not valid"));
  EXPECT_EQ(value(nightly.database(), "SELECT users_ok FROM latest_run"), "120");
}

TEST(Tokens, TheRunEndsWith77WhenNoneIsLeft) {
  const Simulator github(small_world() +
                         std::vector<std::string>{"--bad-token", kBad, "--bad-token", kGood});
  const Nightly nightly(github.base_url(), {"octocat"});
  const Ended ended = run(with_both(nightly));
  EXPECT_EQ(ended.exit_code, 77);
  EXPECT_THAT(ended.err, HasSubstr("no valid token is left"));
  EXPECT_EQ(value(nightly.database(), "SELECT status FROM runs"), "failed");
}

TEST(Tokens, OfOneAccountAreRecognised) {
  const Simulator github(small_world() +
                         std::vector<std::string>{"--owner", std::string(kGood) + "=anna",
                                                  "--owner", std::string(kBad) + "=anna"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = run(with_both(nightly));
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, HasSubstr(" belong to the same account, anna: they share one quota"));
}

TEST(Tokens, ThatEndSoonAreWarnedOf) {
  const Simulator github(small_world() +
                         std::vector<std::string>{"--token-expiration",
                                                  std::string(kBad) + "=2001-01-01 00:00:00 UTC"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = run(with_both(nightly, {"--quiet"}));
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "repopipe: warning: token env:BAD (...2222) has expired\n");
}

TEST(Tokens, GoToNoOtherHost) {
  Simulator other(small_world());
  const Simulator github(small_world() +
                         std::vector<std::string>{"--redirect-to", other.base_url()});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = run(with_both(nightly, {"--set", "run.max_wait=300ms"}));
  EXPECT_EQ(ended.exit_code, 69);
  EXPECT_THAT(ended.err, HasSubstr("not followed"));
  EXPECT_TRUE(other.requests().empty());
}

TEST(Tokens, AreNotInTheListOfProcesses) {
  GatedApi api(0);
  const Nightly nightly(api.base_url(), {"octocat"});
  Process process(with_both(nightly));
  api.wait_until_held(1);
  const std::filesystem::path about = "/proc/" + std::to_string(process.pid());
  EXPECT_THAT(read_file(about / "cmdline"), Not(HasSubstr("ghp_")));
  EXPECT_THAT(read_file(about / "comm"), Not(HasSubstr("ghp_")));
  api.open();
  process.wait();
}

}  // namespace
}  // namespace repopipe::e2e
