// Whole runs against an API of made-up time: fast enough below the limits, and always over.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

// The most requests that the server saw in a minute, whichever minute that was.
std::size_t busiest_minute(std::vector<Time> seen) {
  std::ranges::sort(seen);
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < seen.size(); ++last) {
    while (seen[last] - seen[first] >= 1min) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(PlanRandom, UsesNearlyAllOfTheMinuteAndNeverMore) {
  constexpr int kUsers = 10'000;
  std::mt19937_64 random(1);
  std::vector<Time> seen;  // when the server counts a request: some time before its response
  MadeUpApi api(8, [&](const Task& task, Time arrives) {
    TaskResult task_result = page(task);
    const Duration latency = 1ms * (50 + random() % 300);
    task_result.log.timing.total = latency;
    seen.push_back(arrives + latency * (random() % 100) / 100);
    return task_result;
  });
  Plan plan = plan_for(
      many(kUsers),
      {.credits = 44, .deadline = at(8h), .limits = {.pace = {.requests_per_minute = 900}}});
  ASSERT_TRUE(api.run(plan, 1'000'000));
  EXPECT_EQ(api.listings().size(), static_cast<std::size_t>(kUsers));
  EXPECT_LE(busiest_minute(seen), 900U);
  const double minutes = std::chrono::duration<double, std::ratio<60>>(api.now() - at(0s)).count();
  EXPECT_GE(std::floor((kUsers - 1) / 900.0) / minutes, 0.95);  // the last 900 may go at once
}

TEST(PlanRandom, StaysBelowTheSecondsOfResponseTime) {
  std::deque<std::pair<Time, Duration>> spent;
  Duration most{};
  MadeUpApi api(100, [&](const Task& task, Time arrives) {
    TaskResult task_result = page(task);
    task_result.log.timing.total = 1s;
    spent.emplace_back(arrives, 1s);
    while (spent.front().first <= arrives - 1min) spent.pop_front();
    most = std::max<Duration>(most, 1s * spent.size());
    return task_result;
  });
  Plan plan = plan_for(
      many(1000),
      {.credits = 150, .limits = {.pace = {.response_per_minute = 90s}, .concurrency = 100}});
  ASSERT_TRUE(api.run(plan, 1'000'000));
  EXPECT_LE(most, 90s);
  EXPECT_LE(api.now(), at(13min));
}

// Any kind of failure, in any order, with any wait.
TaskResult anything(const Task& task, std::mt19937_64& random) {
  TaskResult task_result = page(task, 1 + static_cast<int>(random() % 4));
  task_result.log.timing.total = 1ms * (random() % 3000);
  const auto kind =
      static_cast<FailureKind>(random() % (static_cast<int>(FailureKind::unexpected_status) + 1));
  switch (random() % 8) {
    case 0:
    case 1:
    case 2:
      task_result.result = fail(kind, task.login);
      break;
    case 3:
      task_result.result = Redirect{"/moved" + std::to_string(random() % 5)};
      break;
    case 4:
      task_result.result = Account{static_cast<std::int64_t>(random() % 5), "user-" + task.login};
      break;
    default:
      break;
  }
  if (task_result.result && std::holds_alternative<PageRead>(*task_result.result)) {
    Page& listed = std::get<PageRead>(*task_result.result).page;
    if (random() % 4 == 0) listed.rows = RecordBatch(kRepoFields);
    if (random() % 4 == 0) listed.rows = one_repo(1 + random() % 3, task.login);
    if (random() % 20 == 0) listed.partial = "partial-results";
    if (random() % 20 == 0) listed.skip_note = "$[1].owner is null";
  }
  if (random() % 5 == 0) task_result.rate_limits.note = "note " + std::to_string(random() % 40);
  if (random() % 3 == 0) task_result.rate_limits.wait = 1s * (random() % 100);
  if (random() % 3 == 0) {
    task_result.rate_limits.quota =
        Quota{10, random() % 10, static_cast<std::int64_t>(random() % 5), 1s * (random() % 300)};
  }
  if (random() % 50 == 0) task_result.rate_limits.token_ends_in = -1h;
  return task_result;
}

// Users of which this and that is known.
std::vector<Subject> any_keys(int count, std::mt19937_64& random) {
  std::vector<Subject> subjects;
  for (const std::string& login : many(count)) {
    Subject subject{login};
    if (random() % 2 == 0) subject.account = 1 + random() % 3;
    if (random() % 2 == 0) subject.known_records = random() % 30;
    if (random() % 5 == 0) subject.per_page = 1 + random() % 100;
    subject.good_runs = random() % 5;
    subject.empty_before_run = random() % 5 == 0;
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

// Each user once, except lists that are read again.
void expect_whole_results(const std::deque<Listing>& listings) {
  std::multiset<std::string> settled;
  for (const Listing& listing : listings) {
    if (!listing.is_second_reading) settled.insert(listing.login);
    if (listing.outcome == Outcome::abandoned) continue;
    const bool has_pages = !listing.pages.empty();
    const bool is_good = listing.outcome == Outcome::ok;
    EXPECT_TRUE(is_good ? has_pages : !has_pages || !listing.incomplete.empty()) << listing.login;
    EXPECT_TRUE(!listing.proven_gone || !listing.renamed_account) << listing.login;
    EXPECT_EQ(listing.error.empty(), is_good && listing.incomplete.empty()) << listing.login;
  }
  for (const std::string& user : settled) EXPECT_EQ(settled.count(user), 1U) << user;
}

TEST(PlanRandom, EndsWhateverIsAnswered) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    MadeUpApi api(1 + static_cast<int>(random() % 9), [&](const Task& task, Time) {
      TaskResult task_result = anything(task, random);
      if (task.request.redirects >= 5) task_result.result = fail(FailureKind::bad_record, "loop");
      return task_result;
    });
    PlanOptions options{.credits = 1 + random() % 20,
                        .attempts = 1 + static_cast<int>(random() % 5),
                        .backoff = 1s,
                        .deadline = at(8h),
                        .limits = {.pace = {.requests_per_minute = random() % 2 * 60}},
                        .principals = tokens(1 + static_cast<int>(random() % 4)),
                        .seed = seed};
    Plan plan(options, kPlainProvider, Time{});
    plan.offer(any_keys(30, random));
    api.must_reread = [&](const Listing& listing) {
      return listing.outcome == Outcome::ok && random() % 4 == 0;
    };
    ASSERT_TRUE(api.run(plan, 200'000)) << seed;
    EXPECT_LE(api.now(), at(9h)) << seed;
    EXPECT_LE(plan.users_settled(), 30U) << seed;
    expect_whole_results(api.listings());
  }
}

}  // namespace
}  // namespace repopipe
