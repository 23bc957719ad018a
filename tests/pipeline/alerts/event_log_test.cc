#include "pipeline/alerts/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pipeline/base/secrets.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class EventLogTest : public ::testing::Test {
 protected:
  EventLogTest() {
    std::string name = (std::filesystem::temp_directory_path() / "log-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~EventLogTest() override { std::filesystem::remove_all(folder_); }

  EventLog log(bool as_json) {
    return EventLog({.file = file(), .as_json = as_json, .job = "nightly"}, clock_,
                    [this](const std::string& line) { warnings_.push_back(line); });
  }
  std::filesystem::path file() const { return folder_ / "run.log"; }
  static std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  std::filesystem::path folder_;
  SystemClock clock_;
  std::vector<std::string> warnings_;
};

TEST_F(EventLogTest, HasOneJsonObjectALine) {
  EventLog events = log(true);
  events.add(LogEvent::run_started, "begins", {{"users", std::uint64_t{7}}});
  events.set_run(31);
  events.add(LogEvent::user_failed, "line\nbreak \xFF",
             {{"login", "octocat"}, {"summary", JsonText{R"({"a": 1})"}}});
  const auto lines = lines_of(file());
  ASSERT_THAT(lines, SizeIs(2));
  const auto first = nlohmann::json::parse(lines[0]), second = nlohmann::json::parse(lines[1]);
  EXPECT_EQ(first["event"], "run_started");
  EXPECT_EQ(first["level"], "info");
  EXPECT_EQ(first["job"], "nightly");
  EXPECT_EQ(first["run"], nullptr);
  EXPECT_EQ(first["users"], 7);
  EXPECT_THAT(first["time"].get<std::string>(), EndsWith("Z"));
  EXPECT_EQ(second["run"], 31);
  EXPECT_EQ(second["level"], "warning");
  EXPECT_EQ(second["login"], "octocat");
  EXPECT_EQ(second["summary"]["a"], 1);
  EXPECT_THAT(warnings_, ElementsAre());
}

TEST_F(EventLogTest, HasOneLineOfTextWithoutControlCharacters) {
  EventLog events = log(false);
  events.set_run(31);
  events.add(LogEvent::notice, Priority::warning, "line\nbreak\x1b[31m");
  const auto lines = lines_of(file());
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr(" warning notice nightly run 31: line?break?[31m"));
}

TEST_F(EventLogTest, MasksSecretsEverywhere) {
  add_secret("a-very-secret-text");
  EventLog events = log(true);
  events.add(LogEvent::user_failed, "of a-very-secret-text", {{"error", "a-very-secret-text"}});
  EXPECT_EQ(lines_of(file())[0].find("a-very-secret"), std::string::npos);
}

TEST_F(EventLogTest, FollowsItsNameWhenTheFileIsMoved) {
  EventLog events = log(false);
  events.add(LogEvent::notice, "one");
  std::filesystem::rename(file(), folder_ / "old.log");
  events.add(LogEvent::notice, "two");
  EXPECT_THAT(lines_of(folder_ / "old.log"), ElementsAre(EndsWith("one")));
  EXPECT_THAT(lines_of(file()), ElementsAre(EndsWith("two")));
}

TEST_F(EventLogTest, ThatCannotBeWrittenIsOneWarning) {
  std::filesystem::create_directory(file());
  EventLog events = log(false);
  events.add(LogEvent::notice, "one");
  events.add(LogEvent::notice, "two");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("run.log cannot be written: Is a directory")));
}

}  // namespace
}  // namespace repopipe
