#include "pipeline/compare/trial.h"

#include <gmock/gmock.h>

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using enum Way;

std::vector<std::string> shown(const TrialChoice& choice) {
  std::vector<std::string> all;
  for (const Trial& trial : trials_of(choice)) all.push_back(show(trial));
  return all;
}

TEST(Trials, AreEachWayAtEachConcurrencyOnce) {
  EXPECT_THAT(shown({.ways = {threads, sequential, threads}, .concurrencies = {100, 8, 8}}),
              ElementsAre("sequential", "threads at 8", "threads at 100"));
}

TEST(Trials, AnEventLoopWithOneRequestIsTheSequentialWay) {
  EXPECT_THAT(shown({.ways = {sequential, event_loop, threads}, .concurrencies = {1}}),
              ElementsAre("sequential", "threads at 1"));
  EXPECT_THAT(shown({.ways = {event_loop}, .concurrencies = {1}}), ElementsAre("event_loop at 1"));
}

TEST(Ways, SetEveryKeyThatMakesThem) {
  const auto set = [](Way way) { return overrides_of(Trial{way, {8, 3, "redis://h:1/x"}}); };
  EXPECT_THAT(set(sequential), ElementsAre("fetch.engine=event_loop", "fetch.concurrency=1",
                                           "execution.processes=1", "execution.queue=null"));
  EXPECT_THAT(set(event_loop), ElementsAre("fetch.engine=event_loop", "fetch.concurrency=8",
                                           "execution.processes=1", "execution.queue=null"));
  EXPECT_THAT(set(threads), ElementsAre("fetch.engine=threads", "fetch.concurrency=8",
                                        "execution.processes=1", "execution.queue=null"));
  EXPECT_THAT(set(processes), ElementsAre("fetch.engine=event_loop", "fetch.concurrency=8",
                                          "execution.processes=3", "execution.queue=null"));
  EXPECT_THAT(set(queue),
              ElementsAre("fetch.engine=event_loop", "fetch.concurrency=8", "execution.processes=1",
                          "execution.queue=\"redis://h:1/x\""));
}

TEST(Ways, AreFoundByName) {
  for (const WayEntry& entry : ways()) EXPECT_EQ(find_way(entry.name), entry.way);
  EXPECT_EQ(find_way("thread"), std::nullopt);
}

TEST(SetText, IsReadAsTextWhateverIsInIt) {
  EXPECT_EQ(set_text("store.database", "/a b/#x: \"y\".db"),
            "store.database=\"/a b/#x: \\\"y\\\".db\"");
}

}  // namespace
}  // namespace repopipe
