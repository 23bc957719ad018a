// Jobs with transforms, over several runs, with all executors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::RedisServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kWorldOfForks{"--accounts", "12", "--seed", "5", "--small"};
const std::string kNoForks = "transforms=[drop_forks, keep_columns: {columns: [fork, language]}]";

std::vector<std::string> with(const std::string& transforms) {
  return {"--set", transforms, "--set", "provider.per_page=5"};
}

TEST(Transforms, StoreTheSameInEveryWay) {
  const Simulator github(kWorldOfForks);
  const RedisServer redis;
  std::optional<std::vector<std::string>> first;
  for (const std::string way : {"fetch.engine=event_loop", "fetch.engine=threads",
                                "execution.processes=2", "execution.queue="}) {
    SCOPED_TRACE(way);
    const Nightly nightly(github.base_url(), simulated_logins(kWorldOfForks));
    std::optional<Worker> worker;
    const bool is_queue = way == "execution.queue=";
    if (is_queue) worker.emplace(Worker::Options{redis.url(), github.base_url()});
    const Ended ended = nightly.run(
        with(kNoForks) + std::vector<std::string>{"--set", way + (is_queue ? redis.url() : "")});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM repos WHERE fork = 1"), "0");
    EXPECT_NE(value(nightly.database(), "SELECT count(*) FROM repos WHERE language NOT NULL"), "0");
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM repos WHERE description NOT NULL"),
              "0");
    const std::vector<std::string> facts = dump(nightly.database(), Part::facts);
    if (!first) first = facts;
    EXPECT_THAT(difference(facts, *first), IsEmpty());
  }
}

TEST(Transforms, ReadEverythingAgainWhenTheyChangeAndMarkNothingAsGone) {
  const Simulator github(kWorldOfForks);
  const Nightly nightly(github.base_url(), simulated_logins(kWorldOfForks));
  const std::filesystem::path database = nightly.database();
  const auto night = [&](const std::string& transforms) {
    const Ended ended = nightly.run(with(transforms));
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(value(database, "SELECT count(*) FROM repos WHERE gone_since NOT NULL"), "0");
  };
  const auto unchanged = [&] {
    return value(database, "SELECT requests_unchanged > 0 FROM runs ORDER BY id DESC LIMIT 1");
  };
  night("transforms=[]");
  const std::string whole = value(database, "SELECT count(*) FROM repos");
  const std::string described =
      value(database, "SELECT count(*) FROM repos WHERE description NOT NULL");
  night(kNoForks);
  EXPECT_EQ(unchanged(), "0");
  night(kNoForks);
  EXPECT_EQ(unchanged(), "1");
  EXPECT_EQ(value(database, "SELECT count(*) FROM repos"), whole);
  EXPECT_EQ(value(database, "SELECT count(*) FROM repos WHERE description NOT NULL"), described);
  EXPECT_EQ(value(database, "SELECT count(*) FROM repo_changes"), "0");
  night("transforms=[]");
  EXPECT_EQ(unchanged(), "0");
  EXPECT_EQ(value(database, "SELECT count(*) FROM repos"), whole);
}

TEST(Transforms, NameColumnsThatTheProviderHas) {
  const Nightly nightly("http://127.0.0.1:1", {"octocat"});
  const Ended ended = nightly.run(with("transforms=[keep_columns: {columns: [name, stars]}]"));
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(ended.err,
              ::testing::HasSubstr("transforms[0].keep_columns.columns[1] is \"stars\": github has "
                                   "no such column; docs/database.md lists them"));
}

}  // namespace
}  // namespace repopipe::e2e
