// `repopipe compare`: one job in several ways, through the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

const std::vector<std::string> kThree{"--ways", "sequential,threads,event_loop"};

std::vector<std::string> files_of(const Nightly& nightly) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(nightly.folder().path())) {
    names.push_back(entry.path().filename());
  }
  return names;
}

// No file remains, and the job's own database is unchanged.
void expect_clean(const Nightly& nightly) {
  EXPECT_THAT(files_of(nightly), UnorderedElementsAre("nightly.yaml", "users.txt"));
}

// A simulator with 10 ms of latency, so that requests overlap.
struct Compare : ::testing::Test {
  const std::vector<std::string> options{"--accounts", "40",        "--seed", "3",
                                         "--small",    "--latency", "10ms"};
  Simulator github{options};
  Nightly nightly{github.base_url(), simulated_logins(options)};
};

TEST_F(Compare, MeasuresEveryWayAndFindsThemEqual) {
  const Ended ended =
      run(nightly.compare({"--concurrency", "1,8", "--repeat", "2", "--processes", "3", "--json"}));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json compared = json::parse(ended.out);
  EXPECT_EQ(compared["job"], "nightly");
  EXPECT_EQ(compared["equal"], true);
  EXPECT_EQ(compared["repeats"], 2);
  std::vector<std::string> rows;
  for (const json& measure : compared["measures"]) {
    rows.push_back(measure["way"].get<std::string>() + " " + measure["concurrency"].dump());
    EXPECT_GT(measure["wall_s"], 0);
    EXPECT_GT(measure["cpu_s"], 0);
    EXPECT_GT(measure["memory_bytes"], 1'000'000);
    EXPECT_GT(measure["in_flight"], 0);
    EXPECT_EQ(measure["users"], 40);
    EXPECT_EQ(measure["requests"], 40);
    double wall = 0;
    for (const auto& [stage, seconds] : measure["stages"].items()) wall += seconds.get<double>();
    EXPECT_LE(wall, measure["wall_s"]) << "from inside it cannot take longer than from outside";
  }
  EXPECT_THAT(rows, ElementsAre("sequential 1", "event_loop 8", "threads 1", "threads 8",
                                "processes 1", "processes 8"));
  EXPECT_EQ(compared["measures"][5]["processes"], 3);
  EXPECT_LE(compared["measures"][0]["in_flight"], 1.001);
  expect_clean(nightly);
}

TEST_F(Compare, IsATableAChartAndASentenceOnStdout) {
  Program program = nightly.compare(kThree);
  program.environment["LC_ALL"] = "C";
  const Ended ended = run(program);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  std::istringstream lines(ended.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
    EXPECT_THAT(line, ::testing::Each(::testing::AllOf(::testing::Ge(' '), ::testing::Le('~'))));
  }
  EXPECT_THAT(ended.out,
              AllOf(StartsWith("nightly: 40 users, "), HasSubstr("\nsequential    1 "),
                    HasSubstr("\nevent_loop    8 "), HasSubstr("\nthreads       8 "),
                    HasSubstr("#"), HasSubstr("All databases are equal.\n"), EndsWith(".\n")));
  EXPECT_THAT(ended.err, AllOf(StartsWith("repopipe: 1 of 3: sequential\n"),
                               HasSubstr("repopipe: 3 of 3: threads at 8\n")));
  expect_clean(nightly);
}

TEST_F(Compare, TheListOfUsersMayComeFromStandardInput) {
  Program program = nightly.compare(
      kThree + std::vector<std::string>{"--json", "--set", "source.usernames_file=-"});
  const auto logins = simulated_logins(options);
  program.input = logins[0] + "\n" + logins[1] + "\n";
  const Ended ended = run(program);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(json::parse(ended.out)["measures"][2]["users"], 2);
}

TEST_F(Compare, WritesAPage) {
  const auto page = nightly.folder() / "page.html";
  const Ended ended =
      run(nightly.compare({"--ways", "threads,event_loop", "--html", page.string()}));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(read_file(page), AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("threads at 8"),
                                     EndsWith("</html>\n")));
}

TEST_F(Compare, AFolderThatIsNotThereForThePageIsNamed) {
  const Ended ended = run(nightly.compare({"--ways", "threads", "--html", "/nowhere/page.html"}));
  EXPECT_EQ(ended.exit_code, 73);
  EXPECT_THAT(ended.out, HasSubstr("Only threads at 8 was measured"));
  EXPECT_THAT(ended.err, HasSubstr("/nowhere/page.html: cannot be written"));
}

TEST(CompareFails, WhereTheApiCannotBeReached) {
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const Ended ended = run(nightly.compare(kThree));
  EXPECT_EQ(ended.exit_code, 69);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(HasSubstr("127.0.0.1"),
                               EndsWith("repopipe: sequential: the run ended with exit code 69\n"),
                               Not(HasSubstr("threads"))));
  expect_clean(nightly);
}

TEST(CompareFails, WhereTheJobIsWrong) {
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const Ended ended = run(nightly.compare({"--set", "fetch.attempts=x"}));
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(ended.err, HasSubstr("fetch.attempts is \"x\""));
  const Ended queue = run(nightly.compare({"--ways", "queue"}));
  EXPECT_EQ(queue.exit_code, 64);
  EXPECT_EQ(queue.err, "repopipe: --ways queue needs --queue redis://HOST\n");
  expect_clean(nightly);
}

TEST(CompareFails, WhereNoScratchFolderCanBe) {
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const Ended ended = run(nightly.compare({"--set", "store.database=/nowhere/repos.db"}));
  EXPECT_EQ(ended.exit_code, 73);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("beside /nowhere/repos.db"), HasSubstr("--set store.database=")));
}

// Each request finds one star more.
TEST(CompareDiffers, WhenTheApiChangesMeanwhile) {
  std::atomic<int> asked{0};
  const repopipe::testing::HttpServer github([&asked](const std::string&) {
    return repopipe::testing::response(
        "200 OK", "Content-Type: application/json\r\n",
        R"([{"id":7,"name":"hello","full_name":"octocat/hello","owner":{"id":1,"login":"octocat",)"
        R"("type":"User"},"stargazers_count":)" +
            std::to_string(++asked) + "}]");
  });
  const Nightly nightly(github.base_url(), {"octocat"});
  const Ended ended = run(nightly.compare(kThree));
  EXPECT_EQ(ended.exit_code, 65);
  EXPECT_THAT(
      ended.out,
      AllOf(HasSubstr("\nevent_loop    8 "),
            HasSubstr("The databases are not equal:\n"
                      "  repos id 7: stargazers_count is 1 with sequential, 2 with event_loop at "
                      "8\n"),
            HasSubstr("  repos id 7: stargazers_count is 1 with sequential, 3 with threads at 8\n"),
            Not(HasSubstr("Use "))));
  expect_clean(nightly);
}

class CompareInterrupted : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(CompareInterrupted, EndsTheRunAndLeavesNothingBehind) {
  const auto [signal, exit_code] = GetParam();
  GatedApi api(10);
  std::vector<std::string> users;
  users.reserve(100);
  for (int i = 0; i < 100; ++i) users.push_back("user-" + std::to_string(i));
  const Nightly nightly(api.base_url(), users);
  Process process(nightly.compare({"--ways", "event_loop,threads"}));
  api.wait_until_held(8);
  deliver(process, signal);
  api.open();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, exit_code);
  EXPECT_EQ(ended.out, "");
  const std::string word = signal == SIGINT ? "interrupted" : "terminated";
  EXPECT_EQ(ended.err, "repopipe: 1 of 2: event_loop at 8\nrepopipe: " + word +
                           ": finishes within seconds and removes its files; a second signal has "
                           "no effect\nrepopipe: interrupted; no result is kept\n");
  expect_clean(nightly);
}

// As `timeout` does it: once to the program, and once to its group.
TEST(CompareInterruptedTwice, LeavesNothingBehindEither) {
  GatedApi api(0);
  const Nightly nightly(api.base_url(), {"anna", "ben"});
  Process process(nightly.compare({"--ways", "event_loop"}));
  api.wait_until_held(2);
  deliver(process, SIGTERM);
  deliver(process, SIGINT);
  api.open();
  EXPECT_EQ(process.wait().exit_code, 143) << "the first one counts";
  expect_clean(nightly);
}

INSTANTIATE_TEST_SUITE_P(Signals, CompareInterrupted,
                         ::testing::Values(std::pair(SIGINT, 130), std::pair(SIGTERM, 143)),
                         [](const auto& info) { return std::to_string(info.param.second); });

}  // namespace
}  // namespace repopipe::e2e
