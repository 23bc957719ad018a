// The rows of thirty runs, compared with files that may change only with the schema or the rows,
// never by moving or renaming code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::RedisServer;
using ::testing::IsEmpty;

constexpr int kNights = 30;
constexpr int kShards = 2;
const std::filesystem::path kFolder =
    std::filesystem::path(REPOPIPE_SOURCE_DIR) / "tests/e2e/fixtures/frozen";
const std::vector<std::string> kWorld{"--accounts",      "25",       "--seed", "11",    "--small",
                                      "--null-elements", "--doomed", "8",      "--odd", "20"};

std::vector<std::string> world_of(int day) {
  return kWorld + std::vector<std::string>{"--day", std::to_string(day)};
}

std::vector<std::string> listed_users() {
  return simulated_logins(kWorld) + std::vector<std::string>{"nobody-1", "nobody-2"};
}

// Small pages, so that some lists have several; some requests fail.
std::vector<std::string> settings(std::vector<std::string> more) {
  return std::vector<std::string>{"--set", "provider.per_page=2", "--set", "run.fail_ratio=1",
                                  "--set", "fetch.attempts=2"} +
         more;
}

// All facts and the counts of each run.
std::vector<std::string> rows_of(const std::filesystem::path& database) {
  std::vector<std::string> rows = dump(database, Part::facts);
  for (const Row& run : query(database,
                              "SELECT id, job, status, exit_code, shard, resumed, users_ok,"
                              "       users_unchanged, users_not_found, users_renamed,"
                              "       users_blocked, users_failed, repos_seen, repos_new,"
                              "       repos_changed, repos_gone FROM runs ORDER BY id")) {
    std::string line = "runs";
    for (const std::string& cell : run) line += '|' + cell;
    rows.push_back(std::move(line));
  }
  std::ranges::sort(rows);
  return rows;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// With REPOPIPE_TEST_FREEZE the file is written again, for review with `git diff`.
void expect_frozen(const std::filesystem::path& database, const std::string& name) {
  const std::vector<std::string> rows = rows_of(database);
  if (std::getenv("REPOPIPE_TEST_FREEZE") != nullptr) {
    std::ofstream file(kFolder / name);
    for (const std::string& row : rows) file << row << '\n';
  }
  const std::vector<std::string> frozen = lines_of(kFolder / name);
  EXPECT_GT(frozen.size(), 100U);
  EXPECT_THAT(difference(rows, frozen), IsEmpty());
}

struct FrozenWay {
  const char* name;
  std::vector<std::string> settings;

  friend std::ostream& operator<<(std::ostream& out, const FrozenWay& way) {
    return out << way.name;
  }
};

class FrozenNights : public ::testing::TestWithParam<FrozenWay> {};

TEST_P(FrozenNights, LeaveTheSameRowsInEveryWay) {
  const std::string name = GetParam().name;
  if (is_sanitized() && name != "event_loop") GTEST_SKIP() << "takes half a minute there";
  const RedisServer redis;
  const bool is_queue = name == "queue";
  std::vector<std::string> words = settings(GetParam().settings);
  if (is_queue) words.insert(words.end(), {"--set", "execution.queue=" + redis.url()});
  Nightly nightly("", listed_users());
  for (int day = 0; day < kNights; ++day) {
    const Simulator github(world_of(day));
    nightly.ask(github.base_url());
    std::optional<Worker> worker;
    if (is_queue) worker.emplace(Worker::Options{redis.url(), github.base_url()});
    const Ended ended = nightly.run(words);
    ASSERT_EQ(ended.exit_code, 0) << "day " << day << "\n" << ended.err;
  }
  expect_frozen(nightly.database(), "nights.txt");
}

INSTANTIATE_TEST_SUITE_P(Ways, FrozenNights,
                         ::testing::Values(FrozenWay{"event_loop", {}},
                                           FrozenWay{"threads", {"--set", "fetch.engine=threads"}},
                                           FrozenWay{"processes",
                                                     {"--set", "execution.processes=2"}},
                                           FrozenWay{"queue", {}}),
                         [](const auto& way) { return std::string(way.param.name); });

TEST(FrozenShards, LeaveTheSameRowsWhenTheyAreMerged) {
  const std::vector<std::string> listed = listed_users();
  std::vector<Nightly> machines;
  for (int i = 0; i < kShards; ++i) machines.emplace_back("", listed);
  for (int day = 0; day < kNights; day += 3) {
    const Simulator github(world_of(day));
    for (int i = 0; i < kShards; ++i) {
      Nightly& machine = machines[static_cast<std::size_t>(i)];
      machine.ask(github.base_url());
      const Ended ended =
          machine.run(settings({"--shard", std::to_string(i + 1) + "/" + std::to_string(kShards)}));
      ASSERT_EQ(ended.exit_code, 0) << ended.err;
    }
  }
  const TempFolder folder;
  const std::filesystem::path merged = folder / "merged.db";
  Program merge{.arguments = {repopipe_binary(), "merge", merged.string()}};
  for (const Nightly& machine : machines) merge.arguments.push_back(machine.database().string());
  const Ended ended = run(merge);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  expect_frozen(merged, "merged.txt");
}

}  // namespace
}  // namespace repopipe::e2e
