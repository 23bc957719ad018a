// Jobs that list the members of organisations, over several runs, with all executors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/eventually.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::eventually;
using repopipe::testing::RedisServer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> members_world(int day) {
  return {"--accounts", "300", "--small", "--day", std::to_string(day)};
}

// Two organisations of that world, the first of which has two pages, and a user.
const std::vector<std::string> kOrganisations{"members:UrbanOtterHq26", "members:NoblePandaIo18",
                                              "humble-yonder-16"};
const std::vector<std::string> kAllMayLeave{"--set", "run.max_vanished=1", "--set",
                                            "run.fail_ratio=1"};

Rows stays(const std::filesystem::path& database) {
  return query(database,
               "SELECT o.login, u.login, substr(since, 1, 10), until IS NULL "
               "FROM members m JOIN users o ON o.id = org_id JOIN users u ON u.id = user_id "
               "ORDER BY 1, 2, since");
}

Rows listed_users(const std::filesystem::path& database) {
  return query(database,
               "SELECT lower(login), outcome, repos FROM run_users "
               "WHERE run_id IN (SELECT run_id FROM current_runs) ORDER BY 1");
}

TEST(Members, AreListedAlikeInEveryWay) {
  const Simulator first_day(members_world(0)), later(members_world(10));
  const RedisServer redis;
  Rows expected_stays, expected_users;
  for (const std::string way : {"fetch.engine=event_loop", "fetch.engine=threads",
                                "execution.processes=2", "execution.queue="}) {
    SCOPED_TRACE(way);
    Nightly nightly("", kOrganisations);
    const bool is_queue = way == "execution.queue=";
    for (const Simulator* github : {&first_day, &later}) {
      nightly.ask(github->base_url());
      std::optional<Worker> worker;
      if (is_queue) worker.emplace(Worker::Options{redis.url(), github->base_url()});
      const Ended ended = nightly.run(
          kAllMayLeave + std::vector<std::string>{"--set", way + (is_queue ? redis.url() : "")});
      ASSERT_EQ(ended.exit_code, 0) << ended.err;
    }
    const Rows all = stays(nightly.database()), users = listed_users(nightly.database());
    if (expected_stays.empty()) {
      expected_stays = all;
      expected_users = users;
      EXPECT_GT(all.size(), 150U);
    }
    EXPECT_EQ(all, expected_stays);
    EXPECT_EQ(users, expected_users);
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM members WHERE until IS NULL"),
              value(nightly.database(), "SELECT sum(repos) FROM run_listings WHERE run_id = 2"));
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM users WHERE gone_since NOT NULL"),
              "0");
  }
}

TEST(Members, AreAskedForConditionallyAndOnlyTheNumberOfTheOrganisationIsNot) {
  const Simulator github(members_world(0));
  const Nightly nightly(github.base_url(), kOrganisations);
  ASSERT_EQ(nightly.run().exit_code, 0);
  ASSERT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(),
                  "SELECT count(*), min(page) FROM requests WHERE run_id = 2 AND status <> 304"),
            (Rows{{"2", "0"}}));
  EXPECT_EQ(query(nightly.database(), "SELECT DISTINCT outcome FROM run_listings WHERE run_id = 2"),
            (Rows{{"unchanged"}}));
}

TEST(Members, ThatAreMissingInLargeNumbersAreNotBelieved) {
  const Simulator first_day(members_world(0)), later(members_world(10));
  Nightly nightly(first_day.base_url(), kOrganisations);
  ASSERT_EQ(nightly.run().exit_code, 0);
  const Rows before = stays(nightly.database());
  nightly.ask(later.base_url());
  const Ended ended = nightly.run({"--set", "run.fail_ratio=1"});
  EXPECT_EQ(ended.exit_code, 65);
  EXPECT_THAT(ended.err, HasSubstr("UrbanOtterHq26: 37 of 98 known members are missing"));
  EXPECT_EQ(stays(nightly.database()), before);
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users WHERE run_id = 2"),
            value(nightly.database(), "SELECT count(*) FROM run_users WHERE run_id = 1"));
}

TEST(Members, OfAnAccountThatIsNoOrganisationAreAMistakeThatIsNamed) {
  const Simulator github(members_world(0));
  const Nightly nightly(github.base_url(), {"members:humble-yonder-16"});
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 65);
  EXPECT_THAT(ended.err, HasSubstr("it has no list of members"));
}

TEST(Members, OfAnOrganisationThatIsUnknownAreToldIfNobodyElseIsKnown) {
  const Simulator github(members_world(0));
  const Nightly nightly(github.base_url(), {"members:nobody-has-this-login"});
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 65);
  EXPECT_THAT(ended.err, HasSubstr("no user is known: nobody-has-this-login"));
}

TEST(Members, AreSharedByShardsAndMerged) {
  const Simulator first_day(members_world(0)), later(members_world(10));
  Nightly whole("", kOrganisations), one("", kOrganisations), other("", kOrganisations);
  const TempFolder folder;
  for (const Simulator* github : {&first_day, &later}) {
    whole.ask(github->base_url());
    ASSERT_EQ(whole.run(kAllMayLeave).exit_code, 0);
    for (Nightly* shard : {&one, &other}) {
      shard->ask(github->base_url());
      const std::string number = shard == &one ? "1/2" : "2/2";
      const Ended ended = shard->run(kAllMayLeave + std::vector<std::string>{"--shard", number});
      ASSERT_EQ(ended.exit_code, 0) << ended.err;
    }
  }
  const auto merged = folder / "merged.db";
  const Ended ended = run({.arguments = {repopipe_binary(), "merge", merged.string(),
                                         one.database().string(), other.database().string()}});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(stays(merged), stays(whole.database()));
  EXPECT_EQ(listed_users(merged), listed_users(whole.database()));
}

TEST(Members, OfAListThatAnInterruptedRunHasReadAreListedByTheNext) {
  std::vector<std::string> slow = members_world(0);
  slow.insert(slow.end(), {"--latency", "20ms"});
  const Simulator github(slow);
  const Nightly whole(github.base_url(), kOrganisations),
      interrupted(github.base_url(), kOrganisations);
  ASSERT_EQ(whole.run().exit_code, 0);
  Process process(interrupted.program({"--set", "fetch.concurrency=2"}));
  ASSERT_TRUE(eventually([&] {
    return std::filesystem::exists(interrupted.database()) &&
           !query(interrupted.database(), "SELECT 1 FROM sqlite_schema WHERE name = 'run_listings'")
                .empty() &&
           value(interrupted.database(), "SELECT count(*) FROM run_listings") == "2";
  }));
  process.signal(SIGTERM);
  ASSERT_EQ(process.wait().exit_code, 143);
  const Ended rest = interrupted.run();
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("resumed"));
  EXPECT_EQ(stays(interrupted.database()), stays(whole.database()));
  EXPECT_EQ(listed_users(interrupted.database()), listed_users(whole.database()));
  EXPECT_THAT(query(interrupted.database(),
                    "SELECT login FROM run_listings GROUP BY login HAVING sum(requests) > 3"),
              IsEmpty());
}

}  // namespace
}  // namespace repopipe::e2e
