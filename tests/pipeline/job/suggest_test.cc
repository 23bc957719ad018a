#include "pipeline/job/suggest.h"

#include <gtest/gtest.h>

#include <array>

#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

TEST(Suggest, FindsAMisspelledKey) {
  EXPECT_EQ(nearest_key("fetch.timout"), "fetch.timeout");
  EXPECT_EQ(nearest_key("fetch.tiemout"), "fetch.timeout");
  EXPECT_EQ(nearest_key("fetch.MaxBody"), "fetch.max_body");
  EXPECT_EQ(nearest_key("provider.base-url"), "provider.base_url");
  EXPECT_EQ(nearest_key("sources"), "source");
  EXPECT_EQ(nearest_key("nmae"), "name");
}

TEST(Suggest, FindsTheKeyOfAnotherSection) {
  EXPECT_EQ(nearest_key("run.timeout"), "fetch.timeout");
  EXPECT_EQ(nearest_key("database"), "store.database");
  EXPECT_EQ(nearest_key("provider.usernames"), "source.usernames");
  EXPECT_EQ(nearest_key("parse.concurency"), "parse.concurrency");
}

TEST(Suggest, ReturnsNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_key("fetch.colour"), "");
  EXPECT_EQ(nearest_key("zzz"), "");
  EXPECT_EQ(nearest_key(std::string(10'000, 'x')), "");
  EXPECT_EQ(nearest_key(""), "");
}

TEST(Suggest, EveryKeyIsNearestToItself) {
  for (const JobKey& key : job_keys()) EXPECT_EQ(nearest_key(key.path), key.path);
}

TEST(Suggest, FindsWords) {
  constexpr std::array<std::string_view, 2> words{"event_loop", "threads"};
  EXPECT_EQ(nearest_word("eventloop", words), "event_loop");
  EXPECT_EQ(nearest_word("Threads", words), "threads");
  EXPECT_EQ(nearest_word("processes", words), "");
}

TEST(Suggest, NamesTheKeysOfASection) {
  EXPECT_EQ(known_keys("store"), "database, access, keep_requests, keep_users");
  EXPECT_EQ(known_keys(""),
            "name, source, provider, fetch, parse, transforms, store, execution, limits, run, "
            "ping, metrics, log, report, hooks");
}

}  // namespace
}  // namespace repopipe
