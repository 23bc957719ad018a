#include "pipeline/prediction/prediction.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stages/parse/rest.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr std::string_view kUrl = "https://api.github.com";

std::int64_t epoch(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

// A list with this many known pages, read with the first token.
KnownList known_list(const Protocol& protocol, std::string_view login, std::uint32_t pages) {
  const std::string target = protocol.ask(ListingOf{.login = login}).target;
  return {.target = hash_of_target(target),
          .path = hash_of_path(target),
          .pages = pages,
          .requests = pages,
          .listed = pages,
          .was_listed = true};
}

// A world of users with known lists, one token, and nights with two thirds of 304.
struct APrediction : ::testing::Test {
  APrediction() {
    job.provider.tokens = {"env:A"};
    principals.all = {{.identity = "a", .name = "token env:A", .reference = "env:A"}};
    lists.principals = {"a"};
    past = {.nights = 7, .knows_free = true, .single = {.requests = 1, .free = 2.0 / 3}};
    past.several = past.single;
  }

  void know(const std::string& login, std::uint32_t pages) {
    lists.by_key[hash_of_list(login, kRepositoriesId)] = known_list(protocol, login, pages);
  }
  KnownList& known(const std::string& login) {
    return lists.by_key[hash_of_list(login, kRepositoriesId)];
  }
  Work work_for(const std::vector<std::string>& logins) {
    WorkCount count(protocol, principals, lists, past);
    for (const std::string& login : logins) count.add({.login = login});
    return count.work();
  }
  Prediction predict_for(const std::vector<std::string>& logins) {
    PredictionFacts facts{.job = job, .provider = provider, .principals = principals};
    facts.work = work_for(logins);
    facts.past = past;
    facts.readings = readings;
    facts.concurrency = 8;
    facts.now = now;
    return predict(facts);
  }

  Job job;
  const Provider& provider = *find_provider("github");
  RestProtocol protocol{provider, {std::string(kUrl), 100}};
  Principals principals;
  KnownLists lists;
  Experience past;
  std::vector<TokenReading> readings;
  WallTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 29) + 3h;
};

std::vector<std::string> logins(int count) {
  std::vector<std::string> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.push_back(fmt::format("user{}", i));
  return all;
}

TEST_F(APrediction, KnownPagesAreConditional) {
  for (const std::string& login : logins(300)) know(login, 1);
  const Prediction told = predict_for(logins(300));
  EXPECT_EQ(told.requests, 300U);
  EXPECT_EQ(told.conditional, 300U);
  EXPECT_EQ(told.not_modified, 200U);
  EXPECT_EQ(told.points, 100U);
  EXPECT_TRUE(told.fits());
}

TEST_F(APrediction, UnknownLoginsCountTheMean) {
  EXPECT_EQ(predict_for(logins(1000)).requests, 1250U);
  past.mean_pages = 2;
  EXPECT_EQ(predict_for(logins(1000)).points, 2000U);
}

TEST_F(APrediction, ALoginCountsOnce) {
  know("octocat", 3);
  EXPECT_EQ(predict_for({"octocat", "OctoCat"}).requests, 3U);
}

TEST_F(APrediction, WhatIsDoneDoesNotCount) {
  know("octocat", 3);
  know("hubot", 1);
  known("octocat").is_done = true;
  const Prediction told = predict_for({"octocat", "hubot"});
  EXPECT_EQ(told.requests, 1U);
  EXPECT_EQ(told.work.done, 1U);
}

TEST_F(APrediction, LoginsThatWereNotListedTakeAsManyRequestsAgain) {
  know("ghost", 2);
  known("ghost") = {.pages = 2, .requests = 4, .listed = 0, .was_listed = false};
  const Prediction told = predict_for({"ghost"});
  EXPECT_EQ(told.requests, 4U);
  EXPECT_EQ(told.conditional, 0U);
}

TEST_F(APrediction, PagesOfAnotherTokenOrSizeAreReadAgain) {
  know("octocat", 2);
  lists.principals = {"b"};
  EXPECT_EQ(predict_for({"octocat"}).conditional, 0U);
  lists.principals = {"a"};
  EXPECT_EQ(predict_for({"octocat"}).conditional, 2U);
  known("octocat").target = 1;
  EXPECT_EQ(predict_for({"octocat"}).conditional, 0U);
}

TEST_F(APrediction, ARedirectCostsOneRequest) {
  know("octocat", 1);
  known("octocat").target = known("octocat").path = 1;
  const Prediction told = predict_for({"octocat"});
  EXPECT_EQ(told.requests, 2U);
  EXPECT_EQ(told.conditional, 1U);
}

TEST_F(APrediction, TheTokenOfACommandKeepsItsPages) {
  know("octocat", 1);
  principals.all[0].identity.clear();
  EXPECT_EQ(predict_for({"octocat"}).conditional, 1U);
}

TEST_F(APrediction, WithoutATokenEveryRequestCosts) {
  for (const std::string& login : logins(100)) know(login, 1);
  principals.all = {{.identity = std::string(kAnonymous), .reference = std::string(kAnonymous)}};
  lists.principals = {std::string(kAnonymous)};
  const Prediction told = predict_for(logins(100));
  EXPECT_EQ(told.points, 100U);
  EXPECT_EQ(told.tokens[0].limit, 60U);
  EXPECT_EQ(told.limited_by, LimitedBy::quota);
  EXPECT_NEAR(seconds(told.time), 3600, 10);
}

TEST_F(APrediction, SeveralTokensAreAskedForTheirAccounts) {
  principals.all.push_back({.identity = "b", .reference = "env:B"});
  principals.are_checked = true;
  past.mean_pages = 1;
  const Prediction told = predict_for(logins(100));
  EXPECT_EQ(told.requests, 102U);
  EXPECT_EQ(told.tokens[0].points + told.tokens[1].points, 102U);
  EXPECT_GT(told.tokens[0].points, 30U);
  EXPECT_GT(told.tokens[1].points, 30U);
}

TEST_F(APrediction, TokensOfOneAccountShareItsQuota) {
  principals.all.push_back({.identity = "b", .reference = "env:B"});
  const std::int64_t reset = epoch(now) + 600;
  readings = {{"env:A", 1, 5000, 100, reset}, {"env:B", 1, 5000, 100, reset}};
  past.mean_pages = 1;
  EXPECT_NEAR(seconds(predict_for(logins(150)).time), 600, 5);
  readings[1].remaining = 99;  // another account
  EXPECT_LT(seconds(predict_for(logins(150)).time), 10);
}

TEST_F(APrediction, APastResetMakesTheQuotaWhole) {
  const std::int64_t reset = epoch(now);
  readings = {{"env:A", 1, 5000, 0, reset - 1}};
  EXPECT_LT(seconds(predict_for(logins(150)).time), 10);
  readings = {{"env:A", 1, 5000, 0, reset + 60}};
  const Prediction told = predict_for(logins(150));
  EXPECT_EQ(told.tokens[0].remaining, 0U);
  EXPECT_NEAR(seconds(told.time), 61, 5);
}

TEST_F(APrediction, OtherServersHaveNoKnownQuota) {
  job.provider.base_url = "https://github.example.com/api/v3";
  const Prediction told = predict_for(logins(20'000));
  EXPECT_FALSE(told.tokens[0].limit);
  EXPECT_EQ(told.points, 25'000U);
  EXPECT_EQ(told.limited_by, LimitedBy::requests_per_minute);
  EXPECT_NEAR(seconds(told.time), 25'000.0 / 900 * 60.1, 90);
}

TEST_F(APrediction, SlowResponsesReachTheirLimitFirst) {
  job.provider.base_url = "https://github.example.com";
  past.response = 0.3;
  const Prediction told = predict_for(logins(8000));
  EXPECT_EQ(told.limited_by, LimitedBy::response_seconds_per_minute);
  EXPECT_NEAR(seconds(told.time), 10'000.0 / 300 * 60.3, 70);
}

TEST_F(APrediction, TheStoreMayBeTheSlowest) {
  job.limits = {.requests_per_minute = 0, .response_seconds_per_minute = 0};
  past.store = 0.1;
  past.parallel = 8;
  const Prediction told = predict_for(logins(1000));
  EXPECT_EQ(told.limited_by, LimitedBy::store);
  EXPECT_NEAR(seconds(told.time), 125, 1);
}

// The concurrency of the last nights was another one, unless their responses were very short.
TEST_F(APrediction, FewRequestsInFlightMeanAnotherConcurrency) {
  job.limits = {.requests_per_minute = 0, .response_seconds_per_minute = 0};
  past.parallel = 2;
  EXPECT_NEAR(seconds(predict_for(logins(800)).time), 1000 * 0.1 / 8, 0.01);
  past.response = 0.004;
  EXPECT_NEAR(seconds(predict_for(logins(800)).time), 1000 * 0.004 / 2, 0.01);
  past.parallel = 7;
  past.response = 0.1;
  EXPECT_NEAR(seconds(predict_for(logins(800)).time), 1000 * 0.1 / 7, 0.01);
}

TEST_F(APrediction, SaysWhyItDoesNotFitAndWhatToDo) {
  const std::int64_t reset = epoch(now) + 3000;
  readings = {{"env:A", 1, 5000, 10, reset}};
  job.run.max_wait = 10min;
  const Prediction told = predict_for(logins(150));
  EXPECT_FALSE(told.fits());
  EXPECT_THAT(reason_of(told, job), HasSubstr("the quota of env:A is used up "));
  EXPECT_THAT(reason_of(told, job), HasSubstr("50 min later; run.max_wait allows 10 min"));
  EXPECT_THAT(remedy_of(told), HasSubstr("add a token of another account"));
  job.run.max_wait = 65min;
  job.run.deadline = 5min;
  EXPECT_THAT(reason_of(predict_for(logins(150)), job),
              HasSubstr("it takes about 50 min, and run.deadline is 5 min"));
}

// As with the token of a command, whose last reading is not known.
TEST_F(APrediction, FreeRequestsOfAnApiWithAQuotaCostNoPoints) {
  job.provider.base_url = "https://github.example.com";
  past.single.free = 1;
  know("octocat", 1);
  const std::string text = to_text(predict_for({"octocat"}), {.job = job});
  EXPECT_THAT(text, HasSubstr("\n  quota    0 points; the API has told no quota\n"));
}

TEST_F(APrediction, LinesHaveAtMost80Columns) {
  job.name = "nightly";
  job.store.database = "/data/repos.db";
  job.run.max_wait = 1s;
  const std::int64_t reset = epoch(now) + 3000;
  readings = {{"env:A", 1, 5000, 10, reset}};
  for (const std::string& login : logins(5'000)) know(login, 1);
  const Prediction told = predict_for(logins(6'000));
  const std::string text = to_text(told, {.job = job,
                                          .entries = 6'000,
                                          .concurrency = 8,
                                          .notes = {std::string(99, 'x').append(" y")}});
  EXPECT_THAT(text, HasSubstr("nightly: would list 6,000 users from https://api.github.com\n"));
  EXPECT_THAT(text, HasSubstr("\n  users    6,000: 5,000 known, 1,000 unknown"));
  EXPECT_THAT(text, HasSubstr("\n  fits     no: "));
  EXPECT_THAT(text, HasSubstr("\n  do       "));
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != text.npos; begin = end + 1) {
    const std::string line = text.substr(begin, end - begin);
    EXPECT_LE(line.find("xxx") == line.npos ? line.size() : 0, 80U) << line;
  }
}

}  // namespace
}  // namespace repopipe
