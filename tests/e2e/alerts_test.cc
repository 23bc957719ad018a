// What a run tells a monitor, the log file and the command after it, and that nothing of it changes
// the run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::HttpServer;
using repopipe::testing::response;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<nlohmann::json> events_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(file, line);) events.push_back(nlohmann::json::parse(line));
  return events;
}

struct Alerts : ::testing::Test {
  Alerts() { api.open(); }

  // A monitor that answers everything with `status`.
  static std::string answer(const std::string& status) { return response(status, "", ""); }
  std::vector<std::string> to(const HttpServer& monitor) const {
    return {"--set", "ping.url=" + monitor.base_url() + "/a-secret-path", "--set",
            "ping.timeout=10s"};
  }
  std::string uid() const {
    return value(nightly.database(),
                 "SELECT substr(uid, 1, 8) || '-' || substr(uid, 9, 4) || '-' || "
                 "substr(uid, 13, 4) || '-' || substr(uid, 17, 4) || '-' || substr(uid, 21) "
                 "FROM runs ORDER BY id DESC LIMIT 1");
  }

  GatedApi api{0};
  Nightly nightly{api.base_url(), {"octocat", "torvalds"}};
};

TEST_F(Alerts, ThePingsHaveTheRunsIdAndItsExitCode) {
  const HttpServer monitor([](const std::string&) { return answer("200 OK"); });
  ASSERT_EQ(nightly.run(to(monitor)).exit_code, 0);
  const auto heads = monitor.requests();
  // The first one is cancelled if the run ends before it.
  ASSERT_FALSE(heads.empty());
  EXPECT_THAT(heads.back(), StartsWith("POST /a-secret-path/0?rid=" + uid() + " "));
  if (heads.size() > 1) {
    EXPECT_THAT(heads.front(), StartsWith("POST /a-secret-path/start?rid=" + uid() + " "));
  }
}

TEST_F(Alerts, AMonitorThatFailsChangesNothingButOneLine) {
  for (const char* status : {"500 Broken", "404 Not Found", ""}) {
    const Nightly other(api.base_url(), {"octocat", "torvalds"});
    const HttpServer monitor(
        [status](const std::string&) { return *status == '\0' ? std::string() : answer(status); });
    const Ended ended = other.run(to(monitor));
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("repopipe: warning: the ping (0) failed: "),
                                 Not(HasSubstr("a-secret-path"))));
    EXPECT_THAT(difference(dump(other.database(), Part::facts),
                           facts_after(api.base_url(), {"octocat", "torvalds"})),
                IsEmpty());
  }
}

TEST_F(Alerts, ARunThatDoesNotBeginPingsItsExitCode) {
  const HttpServer monitor([](const std::string&) { return answer("200 OK"); });
  auto arguments = to(monitor);
  arguments.insert(arguments.end(), {"--set", "fetch.concurrency=x"});
  EXPECT_EQ(nightly.run(arguments).exit_code, 78);
  arguments = to(monitor);
  arguments.insert(arguments.end(), {"--set", "store.database=missing/repos.db"});
  EXPECT_EQ(nightly.run(arguments).exit_code, 73);
  EXPECT_THAT(monitor.requests(), ElementsAre(StartsWith("POST /a-secret-path/78?rid="),
                                              StartsWith("POST /a-secret-path/73?rid=")));
}

TEST_F(Alerts, AWrongCommandLineIsPingedIfItsJobFileSaysWhere) {
  const HttpServer monitor([](const std::string&) { return answer("200 OK"); });
  nightly.folder().write("told.yaml", "ping: {url: " + monitor.base_url() + "/p}\nsource: {}\n");
  for (const Words& words : {Words{"told.yaml", "--quite"}, Words{"told.yaml", "--set", "x"}}) {
    Program program = nightly.program(words);
    program.arguments.erase(program.arguments.begin() + 2);  // its own job
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, 64);
    EXPECT_THAT(ended.err, StartsWith("told: wrong command line (64): "));
  }
  EXPECT_THAT(monitor.requests(),
              ElementsAre(StartsWith("POST /p/64?rid="), StartsWith("POST /p/64?rid=")));
}

TEST_F(Alerts, AnAddressMayComeFromAVariableOrAFile) {
  const HttpServer monitor([](const std::string&) { return answer("200 OK"); });
  nightly.folder().write("ping", monitor.base_url() + "/of-the-file\n");
  EXPECT_EQ(nightly.run({"--set", "ping.url=file:ping"}).exit_code, 0);
  Program program = nightly.program({"--set", "ping.url=env:PING"});
  program.environment["PING"] = monitor.base_url() + "/of-the-variable";
  EXPECT_EQ(run(program).exit_code, 0);
  const auto heads = monitor.requests();
  EXPECT_THAT(heads.back(), StartsWith("POST /of-the-variable/0?"));
  EXPECT_TRUE(std::ranges::any_of(
      heads, [](const std::string& head) { return head.starts_with("POST /of-the-file/0?"); }));
  const Ended unset = nightly.run({"--set", "ping.url=env:PING"});
  EXPECT_EQ(unset.exit_code, 78);
  EXPECT_THAT(unset.err, HasSubstr("ping.url of \"env:PING\": this environment variable is not"));
}

TEST_F(Alerts, TheLogHasTheEventsOfARun) {
  const repopipe::testing::HttpServer broken([](const std::string& head) {
    const bool bad = head.find("/users/bad/") != std::string::npos;
    return response(bad ? "422 Unprocessable" : "200 OK", "", bad ? "{}" : "[]");
  });
  Nightly other(broken.base_url(), {"good", "bad"});
  EXPECT_EQ(other.run({"--set", "log.file=run.log", "--set", "log.format=json"}).exit_code, 65);
  const auto events = events_in(other.folder() / "run.log");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0]["event"], "run_started");
  EXPECT_EQ(events[0]["users"], 2);
  EXPECT_EQ(events[1]["event"], "user_failed");
  EXPECT_EQ(events[1]["login"], "bad");
  EXPECT_EQ(events[2]["event"], "run_ended");
  EXPECT_EQ(events[2]["level"], "error");
  EXPECT_EQ(events[2]["summary"]["users"]["failed"], 1);
  EXPECT_EQ(events[2]["summary"]["run_id"], 1);
}

TEST_F(Alerts, ALogThatCannotBeWrittenIsOneWarning) {
  const Ended ended = nightly.run({"-q", "--set", "log.file=missing/run.log"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, AllOf(StartsWith("repopipe: warning: log.file "),
                               EndsWith("cannot be written: No such file or directory\n")));
}

TEST_F(Alerts, TheCommandAfterTheRunFindsTheLockReleased) {
  const std::string again = repopipe_binary().string() + " run nightly.yaml --set name=again";
  const Ended ended = nightly.run({"--set", "hooks.after=" + again + " && cat > summary"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(value(nightly.database(), "SELECT group_concat(job) FROM runs"), "nightly,again");
  const auto summary = nlohmann::json::parse(file_text(nightly.folder() / "summary"));
  EXPECT_EQ(summary["run_id"], 1);
}

TEST_F(Alerts, TheCommandIsToldHowTheRunEnded) {
  const std::vector<std::string> hook{
      "--set", "hooks.after=printf '%s %s' $REPOPIPE_EXIT_CODE $REPOPIPE_STATUS > told"};
  auto arguments = hook;
  arguments.insert(arguments.end(), {"--set", "store.database=missing/repos.db"});
  EXPECT_EQ(nightly.run(arguments).exit_code, 73);
  EXPECT_EQ(file_text(nightly.folder() / "told"), "73 not_started");
  nightly.folder().write("told", "nothing");
  arguments = hook;
  arguments.insert(arguments.end(), {"--set", "fetch.concurrency=x"});
  EXPECT_EQ(nightly.run(arguments).exit_code, 78);
  EXPECT_EQ(file_text(nightly.folder() / "told"), "nothing");
}

TEST_F(Alerts, ACommandThatFailsIsOneWarning) {
  const Ended ended = nightly.run({"-q", "--set", "hooks.after=exit 3"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "repopipe: warning: hooks.after ended with status 3\n");
}

// The samples, with programs that keep what they get in place of sendmail and curl.
TEST_F(Alerts, TheSamplesSendValidMessages) {
  const auto keeper = nightly.folder().write("curl", "#!/bin/sh\ncat > posted\n");
  std::filesystem::permissions(keeper, std::filesystem::perms::owner_all);
  nightly.folder().write("slack-url", "https://chat.example/");
  nightly.folder().write("teams-url", "https://chat.example/");
  for (const std::string sample : {"mail", "slack", "teams"}) {
    const auto script =
        std::filesystem::path(REPOPIPE_SOURCE_DIR) / "configs" / "hooks" / (sample + ".sh");
    Program program = nightly.program({"--set", "name='\"<nightly>\"'", "--set",
                                       "store.database=missing/repos.db", "--set",
                                       "hooks.after=" + script.string()});
    program.environment["PATH"] = nightly.folder().path().string() + ":/usr/bin:/bin";
    program.environment["SENDMAIL"] = keeper.string();
    EXPECT_THAT(run(program).err, Not(HasSubstr("hooks.after")));
    const std::string posted = file_text(nightly.folder() / "posted");
    EXPECT_THAT(posted, HasSubstr("does not exist")) << sample;
    EXPECT_EQ(nlohmann::json::accept(posted), sample != "mail") << posted;
  }
}

}  // namespace
}  // namespace repopipe::e2e
